//! The lowered document is OpenAPI 3.0, by somebody else's reading of the standard.

use pod_api::{OPENAPI_JSON, SPEC_VERSION};
use pod_api_tests::Test;
use roas::v3_0::spec::Spec;
use roas::validation::{Options, Validate as _};

#[test]
fn an_independent_validator_finds_no_fault() -> Test {
    let spec: Spec = serde_json::from_str(OPENAPI_JSON)?;
    // The fragments use the tag `Streams` and never declare it, which OpenAPI 3.0.3, section 4.7.1, allows.
    let verdict = spec.validate(Options::IgnoreMissingTags.into(), None);
    assert!(verdict.is_ok(), "{verdict:?}");
    Ok(())
}

#[test]
fn the_validator_would_find_one() -> Test {
    let broken = OPENAPI_JSON.replace("\"in\": \"path\"", "\"in\": \"query\"");
    assert_ne!(broken, OPENAPI_JSON);
    let spec: Spec = serde_json::from_str(&broken)?;
    assert!(spec.validate(Options::IgnoreMissingTags.into(), None).is_err());
    Ok(())
}

#[test]
fn the_document_is_of_the_version_that_the_crate_says() -> Test {
    let document: serde_json::Value = serde_json::from_str(OPENAPI_JSON)?;
    assert_eq!(document["openapi"], "3.0.3");
    assert_eq!(document["info"]["version"], SPEC_VERSION);
    assert_eq!(SPEC_VERSION, "20.17.1");
    Ok(())
}
