//! What a release needs besides the client: its manifest, those that name it, the changelog.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use semver::Version;
use toml_edit::DocumentMut;

use super::changelog;
use super::version::{self, Versions};
use crate::lock::{self, MANIFEST};
use crate::output::{self};
use xtask_client::File;
use xtask_client::dependencies;
use xtask_diff::model::Report;
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};
use xtask_spec::source::file;
use xtask_surface::next_version;

const CHANGELOG: &str = "CHANGELOG.md";

/// The package around the client, and its workspace.
#[derive(Debug)]
pub(super) struct Release {
    out: PathBuf,
    manifest: String,
    package: String,
    version: Version,
    /// The way from `out` to the workspace: empty, or `../` as often as needed.
    up: String,
}

impl Release {
    /// The package in `out`; `None` where there is no manifest, and so nothing to release.
    ///
    /// # Errors
    /// A manifest that can't be read, or has no version of its own.
    pub(super) fn read(out: &Path) -> Result<Option<Self>, Problems> {
        let Some(manifest) = text(out, MANIFEST)? else { return Ok(None) };
        let shown = output::place(out, MANIFEST).display().to_string();
        let (package, version) = version::of_package(&shown, &manifest)?;
        let up = lock::way_up(out, &lock::workspace(out));
        Ok(Some(Self { out: out.to_owned(), manifest, package, version, up }))
    }

    /// The next version, if the client changes.
    ///
    /// # Errors
    /// No version can follow.
    pub(super) fn versions(&self, report: &Report, changed: bool) -> Result<Option<Versions>, Problems> {
        if !changed {
            return Ok(None);
        }
        let spec = report.new.version.as_deref().unwrap_or_default();
        let new = next_version(&self.version, report.release(), spec).map_err(|error| {
            let help = "nothing is written; put that right, and run it again";
            let place = Place::file(output::place(&self.out, MANIFEST).display().to_string());
            Diagnostic::error(Id::Version, error.to_string(), help).at(place)
        })?;
        Ok(Some(Versions { package: self.package.clone(), old: self.version.clone(), new }))
    }

    /// Everything that has to be written besides the client in `generated`.
    ///
    /// # Errors
    /// A file that can't be read.
    pub(super) fn files(
        &self,
        generated: &[File],
        versions: Option<&Versions>,
        report: &Report,
    ) -> Result<Vec<File>, Problems> {
        let own = versions.and_then(|versions| version::set(&self.manifest, versions));
        let own = own.unwrap_or_else(|| self.manifest.clone());
        let code: Vec<&str> =
            generated.iter().filter(|file| file.path.ends_with(".rs")).map(|file| file.text.as_str()).collect();
        let with_block = dependencies::in_manifest(&own, &dependencies::lines(&code));
        let mut files = vec![File { path: MANIFEST.to_owned(), text: with_block.unwrap_or(own) }];
        if let Some(versions) = versions {
            for path in self.manifests()? {
                let Some(text) = text(&self.out, &path)? else { continue };
                files.extend(version::require(&text, versions).map(|text| File { path, text }));
            }
            let path = format!("{}{CHANGELOG}", self.up);
            if let Some(old) = text(&self.out, &path)? {
                files.push(File { path, text: changelog::with_section(&old, versions, report) });
            }
        }
        Ok(files)
    }

    /// The manifests of the workspace but the package's own, seen from `out`.
    fn manifests(&self) -> Result<BTreeSet<String>, Problems> {
        let root = format!("{}{MANIFEST}", self.up);
        let Some(text) = text(&self.out, &root)?.filter(|_| !self.up.is_empty()) else { return Ok(BTreeSet::new()) };
        let document: Option<DocumentMut> = text.parse().ok();
        let members = document.as_ref().and_then(|document| document.get("workspace")?.get("members")?.as_array());
        let mut manifests = BTreeSet::from([root]);
        for member in members.into_iter().flatten().filter_map(|member| member.as_str()) {
            manifests.extend(self.members(member).into_iter().map(|member| format!("{}{member}/{MANIFEST}", self.up)));
        }
        let own = fs::canonicalize(output::place(&self.out, MANIFEST)).ok();
        manifests.retain(|path| fs::canonicalize(output::place(&self.out, path)).ok() != own);
        Ok(manifests)
    }

    /// The folders that a member of the workspace stands for: itself, or with `/*` behind it those inside it.
    fn members(&self, member: &str) -> Vec<String> {
        let Some(folder) = member.strip_suffix("/*") else { return vec![member.to_owned()] };
        let entries = fs::read_dir(output::place(&self.out, &format!("{}{folder}", self.up)));
        let names = entries.into_iter().flatten().flatten().map(|entry| entry.file_name());
        names.map(|name| format!("{folder}/{}", name.to_string_lossy())).collect()
    }
}

fn text(out: &Path, path: &str) -> Result<Option<String>, Problems> {
    let path = output::place(out, path);
    match file::text(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Diagnostic::io(&path, "can't be read", &error).into()),
    }
}
