//! Request bodies: progenitor takes one media type, of four kinds.

use serde_json::{Map, Value, json};
use xtask_spec::diagnostic::Id;

use super::Shaping;
use super::operations::Context;
use xtask_spec::pointer;

/// What progenitor makes of a media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A value of a type.
    Json,
    /// A value of a type, in pairs.
    Form,
    /// `reqwest::multipart::Form`.
    Multipart,
    /// A text.
    Text,
    /// Bytes.
    Bytes,
}

impl Kind {
    pub(super) fn of(media: &str) -> Self {
        let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/json" | "text/json" => Self::Json,
            "application/x-www-form-urlencoded" => Self::Form,
            "multipart/form-data" => Self::Multipart,
            "text/plain" | "text/x-markdown" => Self::Text,
            essence if essence.ends_with("+json") => Self::Json,
            _ => Self::Bytes,
        }
    }
}

impl Shaping<'_> {
    /// Makes an operation's body one of the kinds that progenitor takes; of several media types the best is chosen.
    pub(super) fn body(&mut self, context: &Context<'_>, operation: &mut Map<String, Value>) {
        let Some(body) = operation.get("requestBody").map(|body| context.resolved(body)) else { return };
        let at = pointer::join(context.at, "requestBody");
        let content = body.get("content").and_then(Value::as_object).cloned().unwrap_or_default();
        let Some((media, media_type)) = content.iter().min_by_key(|(media, _)| Kind::of(media)) else {
            operation.shift_remove("requestBody");
            return;
        };
        if content.len() > 1 {
            let others: Vec<String> =
                content.keys().filter(|other| *other != media).map(|other| format!("`{other}`")).collect();
            let message = format!("the body is sent as `{media}` alone, not as {}", others.join(", "));
            self.warn(
                Id::LeftOut,
                &pointer::join(&at, "content"),
                message,
                "an overlay action can remove the media type that isn't wanted",
            );
        }
        let schema = media_type.get("schema").cloned().unwrap_or_else(|| json!({}));
        let traits = self.traits_of(operation);
        // A text, bytes and a form of parts are there or not by what they hold.
        traits.optional_body =
            body.get("required") != Some(&Value::Bool(true)) && matches!(Kind::of(media), Kind::Json | Kind::Form);
        traits.form = Kind::of(media) == Kind::Form;
        let (media_sent, schema) = match Kind::of(media) {
            Kind::Json => {
                if !media.starts_with("application/json") {
                    traits.content_type = Some(media.clone());
                }
                ("application/json", schema)
            }
            Kind::Form => ("application/x-www-form-urlencoded", schema),
            Kind::Text => ("text/plain", json!({"type": "string"})),
            Kind::Multipart => {
                traits.multipart = true;
                ("application/octet-stream", json!({"type": "string", "format": "binary"}))
            }
            Kind::Bytes => {
                // A range of types is nothing that can be sent.
                if media != "application/octet-stream" && !media.contains('*') {
                    traits.content_type = Some(media.clone());
                }
                ("application/octet-stream", json!({"type": "string", "format": "binary"}))
            }
        };
        let mut shaped = json!({"content": {media_sent: {"schema": schema}}, "required": true});
        if let (Some(description), Value::Object(shaped)) = (body.get("description"), &mut shaped) {
            shaped.insert("description".to_owned(), description.clone());
        }
        operation.insert("requestBody".to_owned(), shaped);
    }
}
