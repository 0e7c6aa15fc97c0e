//! The kinds of problems: each has a name that stays the same, whatever its message says.

use std::fmt;

macro_rules! ids {
    ($($variant:ident $name:literal: $meaning:literal => $way_out:literal;)+) => {
        /// The kind of a problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Id {
            $(
                #[doc = concat!("`", $name, "`: ", $meaning)]
                #[doc = ""]
                #[doc = concat!("What to do: ", $way_out)]
                $variant,
            )+
        }

        impl Id {
            /// All of them, by name.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// What it means.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => $meaning,)+
                }
            }

            /// What to do.
            #[must_use]
            pub const fn way_out(self) -> &'static str {
                match self {
                    $(Self::$variant => $way_out,)+
                }
            }
        }
    };
}

ids! {
    Ambiguous "ambiguous":
        "Nothing tells two members of a union apart."
        => "Give the union a discriminator in the overlay, where the API has one; else look at a value before its variant.";
    AsPublished "as-published":
        "The overlay of one side of a comparison is left out, since the other side can have none."
        => "Put the other side into a folder with a copy of the overlay.";
    AsText "as-text":
        "A parameter has no one form in a URL; it is given as the text that goes onto the wire."
        => "Nothing; its page says how the text is composed.";
    Check "check":
        "The workspace can't be checked at the end of a bump."
        => "Check it with `cargo check`; the bump itself is done.";
    Circle "circle":
        "A schema is made of itself, with nothing in between that ends."
        => "Take one of the references out of it in the overlay.";
    Collision "collision":
        "Two sources of an import lead to the same file, or one to several."
        => "Import them apart, or remove the file that is of no use any more.";
    Conflict "conflict":
        "Two fragments hold the same thing, and not with the same words."
        => "Take both pages of the same version of the spec; operations of one name are told apart in the overlay.";
    Dropped "dropped":
        "A keyword of OpenAPI 3.1 is dropped, and nothing that it constrains is lost."
        => "Nothing.";
    Fetch "fetch":
        "An address can't be fetched."
        => "See whether `curl` is there and the address is right, or save the page and import the file.";
    GeneratedCode "generated-code":
        "Generated code that is to be compared is not Rust, or not whole."
        => "Generate it again.";
    Generator "generator":
        "progenitor can't take a part of the document, or made of it what isn't Rust."
        => "Change that part in the overlay, or remove it there.";
    Ground "ground":
        "A documented statement that the code rests on is not on its page or in its fragment any more."
        => "Read what took its place, follow it in the code, and write its digest into `sources.toml`.";
    Io "io":
        "A file or folder can't be read or written."
        => "Check the path, its permissions and the space on the disk.";
    Laggard "laggard":
        "A fragment is of an older version of the spec than another one."
        => "Import its page too.";
    LeftBehind "left-behind":
        "A fragment comes from a page that no longer holds it."
        => "Remove it if the vendor has withdrawn it; else import the page that has it now.";
    LeftOut "left-out":
        "A parameter, response, media type, server or security scheme is not part of the client."
        => "Correct it in the overlay, if it should be.";
    Leftover "leftover":
        "A keyword of OpenAPI 3.0 that means nothing in 3.1 is taken in its old meaning."
        => "Nothing, or the words of 3.1 in the overlay.";
    LeftoverOf31 "leftover-of-3.1":
        "What was lowered still has something of OpenAPI 3.1: a fault of xtask."
        => "Report it with the fragment; an overlay action can work around it.";
    Lock "lock":
        "Cargo can't bring `Cargo.lock` in step with the manifest."
        => "Fix what cargo says; where it lacks a crate, run it again with a network.";
    Lookalike "lookalike":
        "Text on a page looks like an OpenAPI document, but isn't read."
        => "Do what the message says, or save the document by itself, as a .json file.";
    Loosened "loosened":
        "OpenAPI 3.0 can't say what a keyword of 3.1 does: the client accepts more than the specification."
        => "Nothing.";
    Lossy "lossy":
        "A type doesn't keep all that its schema allows."
        => "Read such a value as JSON, or change the schema in the overlay into one that says the same in another way.";
    Lost "lost":
        "A replaced fragment had an operation that the new one doesn't have."
        => "Import the page that has it now, or remove it from where it is used.";
    MergedTypes "merged-types":
        "An operation answers with bytes or with something else, and all its answers are given as bytes."
        => "Read the bytes by the response's status and its `Content-Type`.";
    Name "name":
        "No file name can be made for a fragment, or the name is taken."
        => "Rename the source, or the file that has the name.";
    NoEffect "no-effect":
        "An action of the overlay matches nothing, or changes nothing."
        => "Delete it if the vendor has made the correction, or write its target anew.";
    NoFragments "no-fragments":
        "The folder holds nothing to generate from."
        => "Name the right folder with `--openapi`.";
    NotOpenapi "not-openapi":
        "A file is sound, but not an OpenAPI document."
        => "Take the fenced `json` block of the page, and nothing else.";
    Number "number":
        "A number of YAML can't be stored as JSON without loss."
        => "Quote it if it is a text; else import the fragment as JSON.";
    Older "older":
        "A fragment is of an older version than the one that it would replace."
        => "Import the newer page, or give `--older`.";
    Openapi30 "openapi-3.0":
        "What was lowered isn't OpenAPI 3.0 after all."
        => "Look at what `cargo xtask merge` prints, and correct the vendor's text in the overlay.";
    OperationId "operation-id":
        "Two operations would get the same name; one was given another."
        => "Nothing, or an `operationId` in the overlay.";
    OtherApi "other-api":
        "A fragment describes another API than the others."
        => "Import it into a folder of its own.";
    Overlay "overlay":
        "The overlay isn't as its specification wants it, or one of its actions can't be applied."
        => "Correct that action.";
    Page "page":
        "A page can't be read as Markdown, or not whole."
        => "Save the page anew, or save the fragment by itself.";
    PathTemplate "path-template":
        "Two paths differ in the names of their parameters alone, and so are one."
        => "Copy one path into the other in the overlay, and remove it.";
    ProseDiffers "prose-differs":
        "Two fragments describe the same thing in different words; the longer text is kept."
        => "Nothing.";
    Published "published":
        "It isn't known where a fragment was published."
        => "Note it in `sources.toml`.";
    Reference "reference":
        "A `$ref` leads nowhere, or out of the document."
        => "Add the fragment that defines it, bring it in under `components`, or correct it in the overlay.";
    Renamed "renamed":
        "A name is that of something else in Rust too, or holds what OpenAPI doesn't allow; it was changed."
        => "Nothing, or a better name in the overlay.";
    Repeated "repeated":
        "An action of the overlay appends to a list what the list has already."
        => "Delete it if the vendor has made the correction.";
    Several "several":
        "A page or address has several fragments that can't be told apart."
        => "Give them an `operationId`, or import them by themselves.";
    Shape "shape":
        "Something is not of the type that OpenAPI gives it."
        => "Get the fragment again from its page.";
    Source "source":
        "A source of an import is nothing that can be imported."
        => "Name pages (.md), fragments (.json, .yaml), folders or https addresses.";
    Statements "statements":
        "What a page says besides its fragment has changed since it was imported."
        => "Read what appeared.";
    Syntax "syntax":
        "A file isn't JSON, YAML or UTF-8."
        => "Fix it, or take it again from its page.";
    Uncommitted "uncommitted":
        "A file that a bump writes has changes that aren't committed."
        => "Commit or stash them first, so that there is a way back.";
    Undeclared "undeclared":
        "A path has a parameter that its operation doesn't declare; it is taken for a text."
        => "Declare it in the overlay.";
    Unfinished "unfinished":
        "A run was stopped while it put its files in place, and this one can't put the rest in place."
        => "Run the command that was stopped again, or give that run up as the message says.";
    UnknownName "unknown-name":
        "Nothing has the name that is to be explained."
        => "Give it as a message has it in brackets, or run `cargo xtask explain` for a list.";
    Version "version":
        "A version of OpenAPI that isn't taken."
        => "Publish or convert the fragment as OpenAPI 3.1.";
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Id;

    #[test]
    fn they_are_in_the_order_of_their_names() {
        assert!(Id::ALL.iter().map(|id| id.name()).is_sorted());
        assert!(Id::ALL.is_sorted());
    }
}
