//! Stage **lower**: OpenAPI 3.1 becomes OpenAPI 3.0.3, which is all that progenitor reads.
//!
//! Every construct keeps its meaning; where 3.0 can't say it, it is relaxed *outwards*, so that the lowered schema
//! accepts all that the published one accepts, with a warning (`loosened`) that names place and loss. Two things turn
//! around what is inside them, `not` and `oneOf`: below `not` nothing may be relaxed, so that the whole `not` goes, and
//! a `oneOf` with a relaxed branch becomes an `anyOf`.
//!
//! The document is walked by position (see [`grammar`](crate::grammar)): what is called like a keyword but is a name,
//! and what is data, stays as it is.
//!
//! # Schemas (JSON Schema 2020-12)
//! | published | becomes | why |
//! |---|---|---|
//! | `type: [T]` | `type: T` | the same |
//! | `type: [T, null]` | `type: T`, `nullable` | the same |
//! | several types | `oneOf` of them, each with the keywords of its type | 3.0 has one type a schema; `integer` beside `number` is in `number` already |
//! | `type: null`, `[null]` | `enum: [null]` | 3.0 has no such type |
//! | `const` | `enum` of one, its type written where it is absent | the same |
//! | `null` in an `enum` | stays there, and `nullable` | OpenAPI 3.0.3 wants both |
//! | `enum` beside a type that none of its values has | `not: {}` | nothing can match |
//! | numeric `exclusiveMinimum`, `exclusiveMaximum` | the bound and a boolean; beside an inclusive bound, the tighter one | 3.0 has booleans |
//! | siblings of `$ref` | `allOf` of the reference, and of what constrains in a member of its own | 3.0 ignores siblings |
//! | a `null` branch of `anyOf`, `oneOf` | removed, `nullable`; a branch that is left alone takes the place of the list; beside what judges `null` too, in a member of `allOf` | the same; loosens where another branch of a `oneOf` may accept `null` |
//! | `true`, `false` | `{}`, `not: {}`; where 3.0 has booleans (`additionalProperties`), itself; as a branch, what it means | the same |
//! | `prefixItems` | `items` that accept any of them, bounds kept | loses the positions |
//! | `items` absent | `items: {}` | 3.0 requires it of arrays |
//! | `contains`, `minContains`, `maxContains` | dropped | loosens |
//! | `if`, `then`, `else` | dropped | loosens; without `if` they mean nothing |
//! | `dependentRequired`, `dependentSchemas`, `propertyNames` | dropped | loosens |
//! | `patternProperties` | into `additionalProperties`, if those were closed or typed | loosens; what was open stays open |
//! | `unevaluatedProperties`, `unevaluatedItems` | `additionalProperties`, `maxItems`, where no other schema evaluates; else dropped | loosens |
//! | `contentEncoding: base64` | `format: byte` | the same |
//! | `contentMediaType: application/octet-stream` | `format: binary` | the same |
//! | other `content…` | dropped | they constrain nothing by themselves |
//! | `$defs`, references into the depth | hoisted to `components.schemas` where something refers to them, with a reference where they stood | 3.0 tools expect components |
//! | `$anchor`, `$id`, `$dynamicAnchor` | references to them are resolved | the same |
//! | `$dynamicRef` | a reference, if there is one such anchor; else dropped | loosens |
//! | `examples` | `example`, the first, unless there is one | an annotation |
//! | `$schema`, `$comment`, `$vocabulary` | dropped | they say nothing of values |
//! | `nullable`, boolean bounds: leftovers of 3.0 | kept in their 3.0 meaning, with a note | it is what their author means |
//! | `deprecated`, `readOnly`, `writeOnly`, `discriminator`, formats | stay | the same in both |
//! | unknown keywords | dropped, with a note | JSON Schema ignores them too |
//!
//! # The rest of the document
//! | published | becomes | why |
//! |---|---|---|
//! | webhooks | dropped, with a note | a client sends nothing to them |
//! | `components.pathItems`, `$ref` in a path item | inlined, siblings kept | 3.0 has no such component |
//! | `summary`, `description` beside a `$ref` | the referenced object in its place, with them | 3.0 ignores siblings |
//! | absent `paths` | none; absent `responses`: a `default` one | 3.0 requires them |
//! | `info.summary` | the description, where there is none | 3.0 has no such key |
//! | `license.identifier` | dropped | likewise |
//! | `jsonSchemaDialect` | dropped; with a note if it isn't the standard's | likewise |
//! | `mutualTLS` and its uses | dropped, with a note | likewise; TLS is not the document's affair |
//! | scopes of schemes that aren't OAuth | emptied | 3.0 wants them empty |
//! | an empty `enum` of a server variable | dropped | 3.0 wants it filled |
//! | what only OpenAPI 3.2 has | dropped, with a note | likewise |

mod arrays;
mod composition;
mod document;
mod leftovers;
mod loss;
mod null;
mod numbers;
mod objects;
pub(crate) mod references;
mod schema;
mod types;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Place, Problems};
use crate::overlay::Corrected;
use crate::pointer;
use crate::read::Fragments;
use references::References;

/// A document of OpenAPI 3.0.3.
#[derive(Debug)]
pub struct Lowered {
    /// The document.
    pub document: Value,
    /// What the maintainer should know.
    pub warnings: Vec<Diagnostic>,
    /// Where in the merged document the hoisted schemas came from, by their pointers.
    moved: BTreeMap<String, String>,
}

impl Lowered {
    /// The place in the fragments of what `pointer` names in the lowered document.
    #[must_use]
    pub fn place(&self, corrected: &Corrected, fragments: &Fragments, pointer: &str) -> Place {
        for (new, old) in &self.moved {
            if let Some(below) =
                pointer.strip_prefix(new.as_str()).filter(|below| below.is_empty() || below.starts_with('/'))
            {
                return corrected.origins.place(fragments, &format!("{old}{below}"));
            }
        }
        corrected.origins.place(fragments, pointer)
    }
}

/// Lowers the corrected document.
///
/// # Errors
/// What isn't shaped as OpenAPI wants it, references that can't be followed, and anything of 3.1 that was left over.
pub fn lower(corrected: &Corrected, fragments: &Fragments) -> Result<Lowered, Problems> {
    let mut lowering = Lowering::new(corrected, fragments, References::of(&corrected.document));
    let mut document = lowering.document();
    if let Some(references) = lowering.references.for_another_walk() {
        lowering = Lowering::new(corrected, fragments, references);
        document = lowering.document();
    }
    lowering.loosen_around_losses(&mut document);
    let moved = lowering.references.moved();
    let mut diagnostics = lowering.diagnostics;
    if !diagnostics.iter().any(|diagnostic| diagnostic.level == crate::diagnostic::Level::Error) {
        diagnostics.extend(leftovers::find(&document));
    }
    let warnings = Problems::check(diagnostics)?;
    Ok(Lowered { document, warnings, moved })
}

/// A walk through the document: what it needs, and what it found.
struct Lowering<'a> {
    corrected: &'a Corrected,
    fragments: &'a Fragments,
    references: References<'a>,
    diagnostics: Vec<Diagnostic>,
    /// How often something was relaxed so far.
    losses: usize,
    /// The schemas of the components in which something was relaxed.
    lossy: Vec<String>,
}

impl<'a> Lowering<'a> {
    fn new(corrected: &'a Corrected, fragments: &'a Fragments, references: References<'a>) -> Self {
        Self { corrected, fragments, references, diagnostics: Vec::new(), losses: 0, lossy: Vec::new() }
    }

    fn place(&self, at: &str) -> Place {
        self.corrected.origins.place(self.fragments, at)
    }

    /// `keyword` at `at` constrains, and 3.0 can't say it.
    fn loosened(&mut self, at: &str, keyword: &str, loss: &str) {
        self.losses = self.losses.saturating_add(1);
        let message = format!("`{keyword}` can't be said in OpenAPI 3.0: {loss}");
        let help = "nothing has to be done: the client accepts more than the specification does";
        self.warn("loosened", &pointer::join(at, keyword), message, help);
    }

    /// `key` at `at` was dropped, and nothing that it constrains is lost.
    fn dropped(&mut self, at: &str, key: &str, why: &str) {
        let message = format!("`{key}` is dropped: {why}");
        self.warn("dropped", &pointer::join(at, key), message, "nothing has to be done");
    }

    fn warn(&mut self, id: &'static str, at: &str, message: String, help: &str) {
        let place = self.place(at);
        self.diagnostics.push(Diagnostic::warning(id, message, help).at(place));
    }

    /// What stands at `at` isn't what OpenAPI wants there.
    fn malformed(&mut self, at: &str, expected: &str) {
        let place = self.place(at);
        let help = "the fragment is not as OpenAPI wants it: take it anew from its page, or correct it in the overlay";
        self.diagnostics.push(Diagnostic::error("shape", format!("{expected} is expected here"), help).at(place));
    }
}
