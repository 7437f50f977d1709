//! Reads `matrices/`, links every name and writes the tables as Rust source; stored queries likewise.

#[path = "src/model/mod.rs"]
#[allow(dead_code, unused_imports, missing_docs, reason = "the build uses part of the library")]
mod model;

#[path = "src/catalogue"]
#[allow(dead_code, missing_docs, reason = "the build uses part of the library")]
mod catalogue {
    pub(crate) mod bake;
    pub(crate) mod condition;
    pub(crate) mod copies;
    pub(crate) mod file;
    pub(crate) mod link;
    pub(crate) mod schema;
    pub(crate) mod tables;
}

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

use catalogue::file::File;
use catalogue::link::link;
use sha2::{Digest, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=matrices");
    println!("cargo::rerun-if-changed=src/catalogue");
    println!("cargo::rerun-if-changed=src/model");
    println!("cargo::rerun-if-env-changed=TMQ_COPIES");
    let mut files = Vec::new();
    collect(Path::new("matrices"), &mut files)?;
    // A larger catalogue for measurements: TMQ_COPIES=3 cargo build --release
    if let Some(copies) = env::var("TMQ_COPIES").ok().and_then(|copies| copies.parse().ok()) {
        files = catalogue::copies::enlarged(&files, copies)?;
    }
    let version = fs::read_to_string("matrices/VERSION")?.trim().to_owned();
    let tables = link(&version, &files).unwrap_or_else(|errors| {
        for error in &errors {
            println!("cargo::error=matrices/{error}");
        }
        process::exit(1);
    });
    let source = tables.source();
    let digest = Sha256::new().chain_update(&source).chain_update(&tables.text).finalize();
    let digest = digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let constants = format!(
        "const VERSION: &str = {:?};\nconst ATTACK_VERSION: &str = {:?};\nconst DIGEST: &str = {digest:?};\n\
         static TEXT: &str = include_str!(concat!(env!(\"OUT_DIR\"), \"/text.txt\"));\n",
        tables.version, tables.attack_version
    );
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("text.txt"), &tables.text)?;
    fs::write(out.join("tables.rs"), constants + &source)?;
    fs::write(out.join("stored.rs"), stored(Path::new("examples/queries"))?)?;
    Ok(())
}

/// The stored queries as Rust source: names and texts, in order of the names.
fn stored(folder: &Path) -> Result<String, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut queries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "tmq") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            queries.push((name, fs::read_to_string(&path)?));
        }
    }
    queries.sort();
    Ok(format!("static STORED: &[(&str, &str)] = &{queries:?};\n"))
}

/// Adds all `.ron` files below a folder, in path order.
fn collect(folder: &Path, files: &mut Vec<File>) -> Result<(), Box<dyn Error>> {
    let mut paths = fs::read_dir(folder)?.map(|e| Ok(e?.path())).collect::<Result<Vec<_>, std::io::Error>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "ron") {
            let name = path.strip_prefix("matrices")?.to_string_lossy().replace('\\', "/");
            files.push(File { path: name, text: fs::read_to_string(&path)? });
        }
    }
    Ok(())
}
