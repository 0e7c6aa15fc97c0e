//! Pages as people save them: what is read without guessing, and what is said of the rest.

use std::error::Error;
use std::fs;
use std::path::Path;

use xtask::cli;
use xtask::terminal::Outcome;

type Test = Result<(), Box<dyn Error>>;

const DOCUMENT: &str = r#"{"openapi":"3.1.1","info":{"title":"T","version":"2"},"paths":{"/a":{"get":{"responses":{"200":{"description":"d"}}}}}}"#;
const OTHER: &str = r#"{"openapi":"3.1.1","info":{"title":"T","version":"2"},"paths":{"/b":{"get":{"responses":{"200":{"description":"d"}}}}}}"#;

/// The document in pages: `DOC`, `OTHER`, and in HTML's words `ESC`.
fn page(text: &str) -> String {
    let escaped = DOCUMENT.replace('"', "&quot;");
    text.replace("DOC", DOCUMENT).replace("OTHER", OTHER).replace("ESC", &escaped)
}

/// Imports `source` below `folder`: how it ended, and what was said, in lines, without what is said of addresses.
fn import(folder: &Path, source: &str, more: &[&str]) -> (Outcome, Vec<String>) {
    let openapi = folder.join("openapi").display().to_string();
    let source = folder.join(source).display().to_string();
    let arguments = ["xtask", "import", &source, "--openapi", &openapi].into_iter().chain(more.iter().copied());
    let mut err = Vec::new();
    let outcome = cli::run(arguments.map(Into::into), &mut Vec::new(), &mut err);
    let err = anstream::adapter::strip_str(&String::from_utf8_lossy(&err)).to_string();
    let err = err.replace(&format!("{}/", folder.display()), "");
    let said = err.lines().filter(|line| {
        let is_shown = line.contains(" | ") || line.trim() == "|" || line.trim_start().starts_with('|');
        !line.is_empty() && !is_shown && !line.contains("published") && !line.starts_with("  help: ")
    });
    (outcome, said.map(str::to_owned).collect())
}

#[test]
fn what_can_be_read_without_guessing_is_read() -> Test {
    for (name, text) in [
        ("a.md", "# A\n\n<pre class=\"x\"><code>DOC</code></pre>\n"),
        ("a.md", "# A\n\n<div>\n<pre><code>ESC</code></pre>\n</div>\n"),
        ("a.md", "# A\n\n<PRE>\n<span>ESC</span>\n</PRE>\n"),
        ("a.md", "# A\n\n```json\nESC\n```\n"),
        ("a.md", "<details>\n<summary>More</summary>\n```json\nDOC\n```\n</details>\n"),
        ("a.md", "<Tab title=\"x\">\n    ````json\n    DOC\n    ````\n</Tab>\n"),
        ("a.MD", "```\nDOC\n```\n"),
        ("a.markdown", "```\nDOC\n```\n"),
        ("a.mdx", "```\nDOC\n```\n"),
        ("a.txt", "```\nDOC\n```\n"),
        ("a.html", "<!doctype html><html><head><title>x</title></head><body><pre>ESC</pre></body></html>"),
        ("a.HTM", "<pre><b>DOC</b></pre>"),
        ("a.md", "\u{feff}# A\r\n\r\n```json\r\nDOC\r\n```\r\n"),
        ("a.md", "Set `\"openapi\": \"3.1.1\"`, the key `\"openapi\"`.\n\n```json\nDOC\n```\n"),
    ] {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join(name), page(text))?;
        let (outcome, said) = import(folder.path(), name, &[]);
        assert_eq!(outcome, Outcome::Done, "{text}: {said:?}");
        assert_eq!(
            said,
            ["    added a.json  GET /a  2", "        1 fragment  1 added, 0 changed, 0 unchanged; files written: 2"],
            "{text}"
        );
        let stored: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(folder.path().join("openapi/a.json"))?)?;
        assert_eq!(stored.to_string(), DOCUMENT, "{text}");
    }
    Ok(())
}

#[test]
fn what_looks_like_a_document_is_pointed_at_with_what_is_wrong() -> Test {
    let in_code = "looks like an OpenAPI document, but stands in indented code, which isn't read";
    for (name, text, place, said) in [
        ("a.md", "# A\n\n    DOC\n", "3:6", in_code),
        (
            "a.md",
            "# A\n\n\t```json\n\tDOC\n\t```\n",
            "4:3",
            "a fence that is indented so far that Markdown takes it for code itself",
        ),
        (
            "a.md",
            "# A\n\nDOC\n",
            "3:2",
            "looks like an OpenAPI document, but stands in no fenced code block, where it isn't read",
        ),
        (
            "a.md",
            "# A\n\n\\`\\`\\`json\nDOC\n\\`\\`\\`\n",
            "4:2",
            "looks like an OpenAPI document, but the fence in front of it is escaped",
        ),
        (
            "a.md",
            "# A\n\n{“openapi”: “3.1.1”}\n",
            "3:2",
            "looks like an OpenAPI document, but its quotes are typographic ones",
        ),
        (
            "a.md",
            "# A\n\n<p>ESC</p>\n",
            "3:5",
            "looks like an OpenAPI document in HTML, but stands in no `<pre>`, where it isn't read",
        ),
        (
            "a.html",
            "<script>x(\"{\\\"openapi\\\":\\\"3.1.1\\\"}\")</script>",
            "1:13",
            "looks like an OpenAPI document, but inside a text or a program, where it isn't read",
        ),
        ("a.md", "# A\n\n```json\n{\"spec\": DOC}\n```\n", "4:1", "an OpenAPI document inside another one"),
        ("a.md", "```json\n[DOC]\n```\n", "2:1", "a list of OpenAPI documents, not one"),
        ("a.md", "```yaml\nswagger: '2.0'\n```\n", "2:1", "a Swagger 2.0 document, which isn't taken"),
        (
            "a.md",
            "{% openapi src=\"https://example.org/a.json\" path=\"/a\" %}\n",
            "1:1",
            "an endpoint by reference: the document itself isn't on this page",
        ),
    ] {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join(name), page(text))?;
        let (outcome, lines) = import(folder.path(), name, &[]);
        assert_eq!(outcome, Outcome::Failure, "{text}");
        assert_eq!(lines, [format!("{name}:{place}: error[lookalike]: {said}")], "{text}");
        assert!(!folder.path().join("openapi").exists());
    }
    Ok(())
}

#[test]
fn what_is_invisible_in_a_block_is_said_with_its_syntax() -> Test {
    for (text, said) in [
        (
            "```json\n{\n\u{a0}\"openapi\": \"3.1.1\"}\n```\n",
            "a.md:3:1: error[syntax]: not valid JSON: key must be a string; it holds blanks that aren't those of JSON, such as no-break spaces",
        ),
        (
            "```json\n{“openapi”: “3.1.1”}\n```\n",
            "a.md:2:2: error[syntax]: not valid JSON: key must be a string; its quotes are typographic ones, as a program sets them that is for prose",
        ),
    ] {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("a.md"), text)?;
        assert_eq!(import(folder.path(), "a.md", &[]), (Outcome::Failure, vec![said.to_owned()]));
    }
    Ok(())
}

#[test]
fn beside_a_fragment_nothing_that_looks_like_one_is_passed_over_in_silence() -> Test {
    let broken = DOCUMENT.trim_end_matches('}');
    for (text, level, said) in [
        ("    OTHER\n".to_owned(), "error[lookalike]", ""),
        ("OTHER\n".to_owned(), "error[lookalike]", ""),
        (format!("```json\n{broken}\n```\n"), "error[syntax]", ""),
        (format!("```\n{broken}\n```\n"), "error[syntax]", ""),
        (format!("<pre>{broken}</pre>\n"), "error[syntax]", ""),
        ("```json\n{\"swagger\": \"2.0\"}\n```\n".to_owned(), "warning[lookalike]", "; it is passed over"),
        ("```json\n{\"x\": [OTHER]}\n```\n".to_owned(), "warning[lookalike]", "; it is passed over"),
        ("{% openapi-operation spec=\"a\" %}\n".to_owned(), "warning[lookalike]", "; it is passed over"),
    ] {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("a.md"), page(&format!("```json\nDOC\n```\n\nText\n\n{text}")))?;
        let (outcome, lines) = import(folder.path(), "a.md", &[]);
        let expected = if level.starts_with("error") { Outcome::Failure } else { Outcome::Done };
        assert_eq!(outcome, expected, "{text}: {lines:?}");
        let first = lines.first().map(String::as_str).unwrap_or_default();
        assert!(first.contains(level) && first.ends_with(said), "{text}: {lines:?}");
    }
    Ok(())
}

#[test]
fn folders_are_walked_and_what_was_passed_over_is_listed() -> Test {
    let folder = tempfile::tempdir()?;
    let write = |path: &str, text: &str| -> std::io::Result<()> {
        let path = folder.path().join("pages").join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
        fs::write(path, page(text))
    };
    write("intro.md", "# How to begin\n")?;
    write("known.md", "# Another one\n")?;
    write("main/rooms/a.html", "<pre>DOC</pre>")?;
    write("main/b.md", "```json\nOTHER\n```\n")?;
    write("main/style.css", "")?;
    write(".git/c.md", "```json\nDOC\n```\n")?;
    fs::create_dir(folder.path().join("openapi"))?;
    fs::write(folder.path().join("openapi/sources.toml"), "without-endpoint = [\"known.md\"]\n")?;
    let (outcome, said) = import(folder.path(), "pages", &[]);
    assert_eq!(outcome, Outcome::Done, "{said:?}");
    assert_eq!(
        said,
        [
            "    added a.json  GET /a  2",
            "    added b.json  GET /b  2",
            "   passed pages/intro.md  no endpoint on this page",
            "   passed pages/main/style.css  neither a page nor a fragment, by its name",
            "        2 fragments  2 added, 0 changed, 0 unchanged; files written: 3",
        ]
    );
    // By its own name, a page has to have one.
    let (outcome, said) = import(folder.path(), "pages/intro.md", &[]);
    assert_eq!(outcome, Outcome::Failure);
    assert_eq!(
        said,
        [
            "pages/intro.md:1:1: error[no-fragments]: there is no fragment on this page: no fenced code block is an OpenAPI document"
        ]
    );
    Ok(())
}

#[test]
fn an_older_page_is_an_error_unless_it_is_asked_for() -> Test {
    let folder = tempfile::tempdir()?;
    let write = |version: &str| {
        let text =
            page("# A\n\n```json\nDOC\n```\n").replace("\"version\":\"2\"", &format!("\"version\":\"{version}\""));
        fs::write(folder.path().join("a.md"), text)
    };
    write("20.18.0")?;
    assert_eq!(import(folder.path(), "a.md", &[]).0, Outcome::Done);
    for version in ["20.18.0-SNAPSHOT", "20.17.1", "20.9.0"] {
        write(version)?;
        let (outcome, said) = import(folder.path(), "a.md", &[]);
        assert_eq!(outcome, Outcome::Failure);
        assert_eq!(
            said,
            [format!(
                "a.md:4:40: error[older]: is of version {version}, older than 20.18.0, which is here already (/info/version)"
            )]
        );
    }
    assert_eq!(import(folder.path(), "a.md", &["--older"]).0, Outcome::Done);
    Ok(())
}

#[test]
fn another_api_is_told_from_an_older_version() -> Test {
    let folder = tempfile::tempdir()?;
    fs::create_dir(folder.path().join("pages"))?;
    for (name, path, title, version) in
        [("a", "/a", "Pod API", "20.18.0"), ("b", "/b", "Pod API", "20.18.0"), ("c", "/c", "Agent API", "4.9.0")]
    {
        let text = page("```json\nDOC\n```\n").replace("\"T\"", &format!("\"{title}\"")).replace("/a", path);
        let text = text.replace("\"version\":\"2\"", &format!("\"version\":\"{version}\""));
        fs::write(folder.path().join(format!("pages/{name}.md")), text)?;
    }
    let (outcome, said) = import(folder.path(), "pages", &[]);
    assert_eq!(outcome, Outcome::Done);
    assert_eq!(
        said.first().map(String::as_str),
        Some(
            "pages/c.md:2:1: warning[other-api]: describes another API, `Agent API`, while most fragments here describe `Pod API`"
        )
    );
    assert!(!said.iter().any(|line| line.contains("laggard")), "{said:?}");
    Ok(())
}

#[test]
fn the_head_of_newer_pages_is_furniture_and_names_the_address() -> Test {
    let folder = tempfile::tempdir()?;
    let head = "> For the complete documentation index, see [llms.txt](https://example.org/llms.txt). This page is also available \
                as [Markdown](https://example.org/main/a.md).\n\n";
    for (page_head, expected) in [("", None), (head, Some("published = \"https://example.org/main/a.md\"\n"))] {
        fs::write(folder.path().join("a.md"), page(&format!("{page_head}# A\n\n```json\nDOC\n```\n")))?;
        let (outcome, said) = import(folder.path(), "a.md", &[]);
        assert_eq!(outcome, Outcome::Done, "{said:?}");
        let register = fs::read_to_string(folder.path().join("openapi/sources.toml"))?;
        assert_eq!(expected.is_some_and(|expected| register.contains(expected)), expected.is_some(), "{register}");
        assert_eq!(register.matches("\n  \"").count(), 1, "the title alone is a statement: {register}");
    }
    Ok(())
}

#[test]
#[cfg(unix)]
fn a_name_that_would_break_the_register_is_changed_or_refused() -> Test {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("a\\b.md"), page("```json\nDOC\n```\n"))?;
    let (outcome, said) = import(folder.path(), "a\\b.md", &[]);
    assert_eq!(outcome, Outcome::Done, "{said:?}");
    assert!(folder.path().join("openapi/a-b.json").is_file());
    assert_eq!(import(folder.path(), "a\\b.md", &[]).0, Outcome::Done);
    fs::write(folder.path().join("c\n.md"), page("```json\nOTHER\n```\n"))?;
    let (outcome, said) = import(folder.path(), "c\n.md", &[]);
    assert_eq!(outcome, Outcome::Failure);
    assert!(
        said.concat().ends_with("c\\n.md: error[name]: its name holds the character U+000A, which nobody sees"),
        "{said:?}"
    );
    Ok(())
}
