//! From a verdict to a version.

use std::error::Error;
use std::fmt;

use semver::{BuildMetadata, Version};

use crate::Semver;

/// The version that follows `old` after changes with this verdict; `spec` is the version of the specification, which
/// becomes its build metadata.
///
/// Before 1.0.0, the number that Cargo takes for the major one is the first that isn't zero (the Cargo book, "SemVer
/// compatibility"): what breaks raises `y` of `0.y.z`, and everything else raises `z`. In `0.0.z` each version breaks
/// with the one before. A pre-release, which no number follows, is followed by its release if that is far enough away.
/// Registries take no two versions that differ in metadata alone, so that the version rises by a patch at least.
///
/// ```
/// use xtask_surface::{Semver, next_version};
///
/// let old = "0.4.2+20.17.1".parse()?;
/// assert_eq!(next_version(&old, Semver::Major, "20.18.0")?.to_string(), "0.5.0+20.18.0");
/// assert_eq!(next_version(&old, Semver::Minor, "20.18.0")?.to_string(), "0.4.3+20.18.0");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A specification's version that can't be build metadata, or a number that can't be raised any more.
pub fn next_version(old: &Version, verdict: Semver, spec: &str) -> Result<Version, VersionError> {
    let build = BuildMetadata::new(spec).map_err(|_| VersionError::Metadata(spec.to_owned()))?;
    if build.is_empty() {
        return Err(VersionError::Metadata(spec.to_owned()));
    }
    // The number of each weight, by place: what breaks, what adds, and what only fixes.
    let place = match (old.major, old.minor, verdict) {
        (1.., _, Semver::Major) => 0,
        (1.., _, Semver::Minor) | (0, 1.., Semver::Major) => 1,
        _ => 2,
    };
    let raised = |number: u64| number.checked_add(1).ok_or_else(|| VersionError::Exhausted(old.clone()));
    let released = match place {
        0 => old.minor == 0 && old.patch == 0,
        1 => old.patch == 0,
        _ => true,
    };
    let (major, minor, patch) = match place {
        _ if !old.pre.is_empty() && released => (old.major, old.minor, old.patch),
        0 => (raised(old.major)?, 0, 0),
        1 => (old.major, raised(old.minor)?, 0),
        _ => (old.major, old.minor, raised(old.patch)?),
    };
    Ok(Version { build, ..Version::new(major, minor, patch) })
}

/// Why there is no next version.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VersionError {
    /// The specification's version can't be build metadata (SemVer 2.0.0, item 10).
    Metadata(String),
    /// A number of the version is the largest there is.
    Exhausted(Version),
}

impl fmt::Display for VersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Metadata(spec) => write!(
                f,
                "the specification's version `{spec}` can't stand behind the `+` of a crate's version: only letters, \
                 digits and hyphens may, in parts between single dots; correct `info.version` in the overlay"
            ),
            Self::Exhausted(old) => {
                write!(
                    f,
                    "no version can follow {old}: one of its numbers can't be raised; set another version by hand"
                )
            }
        }
    }
}

impl Error for VersionError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use semver::VersionReq;

    use super::*;

    proptest! {
        #[test]
        fn the_next_version_is_higher_and_fits_the_old_requirement_unless_something_broke(
            major in 0_u64..3, minor in 0_u64..3, patch in 0_u64..3, verdict in 0_usize..3,
        ) {
            let verdict = [Semver::Patch, Semver::Minor, Semver::Major][verdict];
            let old = Version::new(major, minor, patch);
            let next = next_version(&old, verdict, "20.18.0").unwrap();
            prop_assert!(next.cmp_precedence(&old).is_gt(), "{next} after {old}");
            let requirement = VersionReq::parse(&old.to_string()).unwrap();
            let breaks = verdict == Semver::Major || (major, minor) == (0, 0);
            prop_assert_eq!(requirement.matches(&next), !breaks, "{} after {}", next, old);
        }
    }

    fn next(old: &str, verdict: Semver) -> String {
        next_version(&old.parse().unwrap(), verdict, "20.18.0").unwrap().to_string()
    }

    #[test]
    fn a_verdict_raises_the_number_that_cargo_goes_by() {
        for (old, patch, minor, major) in [
            ("0.0.3", "0.0.4", "0.0.4", "0.0.4"),
            ("0.1.0+20.17.1", "0.1.1", "0.1.1", "0.2.0"),
            ("0.9.9", "0.9.10", "0.9.10", "0.10.0"),
            ("1.2.3+20.17.1", "1.2.4", "1.3.0", "2.0.0"),
            ("0.2.0-rc.1", "0.2.0", "0.2.0", "0.2.0"),
            ("0.2.1-rc.1", "0.2.1", "0.2.1", "0.3.0"),
            ("1.0.0-rc.1", "1.0.0", "1.0.0", "1.0.0"),
            ("1.1.0-rc.1", "1.1.0", "1.1.0", "2.0.0"),
        ] {
            let expected = [patch, minor, major].map(|version| format!("{version}+20.18.0"));
            assert_eq!(
                [Semver::Patch, Semver::Minor, Semver::Major].map(|verdict| next(old, verdict)),
                expected,
                "{old}"
            );
        }
    }

    #[test]
    fn what_cannot_be_metadata_is_refused_with_the_way_out() {
        let old = Version::new(0, 1, 0);
        for spec in ["", "20.17.1 beta", "20..1", "v20_1", "20.17.1+1", "é", "20.17."] {
            let error = next_version(&old, Semver::Patch, spec).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!(
                    "the specification's version `{spec}` can't stand behind the `+` of a crate's version: only letters, \
                     digits and hyphens may, in parts between single dots; correct `info.version` in the overlay"
                )
            );
        }
        for spec in ["20.17.1", "20.17.1-rc.1", "007", "2026-01-01"] {
            assert_eq!(next_version(&old, Semver::Patch, spec).unwrap().build.as_str(), spec);
        }
    }

    #[test]
    fn a_number_at_its_end_is_an_error() {
        let old = Version::new(0, 1, u64::MAX);
        assert_eq!(
            next_version(&old, Semver::Patch, "1").unwrap_err().to_string(),
            "no version can follow 0.1.18446744073709551615: one of its numbers can't be raised; set another version by hand"
        );
        assert_eq!(next_version(&old, Semver::Major, "1").unwrap(), "0.2.0+1".parse().unwrap());
    }
}
