//! Writes the published matrices anew from a folder of fact files.
//!
//! `cargo run --example regenerate -- FACTS_DIR [--stix BUNDLE.json [--release VERSION]] [--out matrices/published]`
//!
//! With `--stix`, ATT&CK comes from a STIX bundle; what a bundle does not say is carried over from
//! the matrix that is there. Exit codes: 0 written, 2 usage, 3 a file is wrong.

use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use tmq::catalogue::schema::Matrix;
use tmq::import::{self, Imported, attack, cicd, d3fend, mappings, microsoft, owasp, sources, stix};

const USAGE: &str = "usage: regenerate FACTS_DIR [--stix BUNDLE.json [--release VERSION]] [--out matrices/published]";

/// Kept by hand; links may point into it.
const BY_HAND: &str = "attack-borrowed.ron";

fn main() -> ExitCode {
    let arguments = match Arguments::read(env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(complaint) => {
            eprintln!("error: {complaint}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(complaint) => {
            eprintln!("error: {complaint}");
            ExitCode::from(3)
        }
    }
}

/// What the command line says.
struct Arguments {
    facts: PathBuf,
    stix: Option<PathBuf>,
    release: Option<String>,
    out: PathBuf,
}

impl Arguments {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut facts, mut stix, mut release) = (None, None, None);
        let mut out = PathBuf::from("matrices/published");
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("`{word}` needs a value"));
            match word.as_str() {
                "--stix" => stix = Some(value()?.into()),
                "--release" => release = Some(value()?),
                "--out" => out = value()?.into(),
                _ if word.starts_with('-') => return Err(format!("unknown option `{word}`")),
                _ if facts.is_none() => facts = Some(word.into()),
                _ => return Err(format!("`{word}` is one argument too many")),
            }
        }
        if release.is_some() && stix.is_none() {
            return Err("`--release` goes with `--stix`".to_owned());
        }
        Ok(Self { facts: facts.ok_or("no folder of fact files given")?, stix, release, out })
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let mut imported = all(arguments)?;
    let by_hand = match existing(&arguments.out.join(BY_HAND))? {
        Some(matrix) => vec![matrix],
        None => Vec::new(),
    };
    import::finish(&mut imported, &by_hand);
    fs::create_dir_all(&arguments.out).map_err(|e| format!("{}: {e}", arguments.out.display()))?;
    for Imported { matrix, skipped } in &imported {
        let path = arguments.out.join(format!("{}.ron", matrix.id));
        for skip in skipped {
            eprintln!("{}: left out `{}`: {}", matrix.id, skip.what, skip.why);
        }
        write(&path, &import::text(matrix))?;
        let counts = format!("{}: {} entries, {} aliases", matrix.id, matrix.entries.len(), matrix.aliases.len());
        let _ = writeln!(io::stdout(), "{counts}");
    }
    Ok(())
}

/// Every published matrix.
fn all(arguments: &Arguments) -> Result<Vec<Imported>, Box<dyn Error>> {
    let page = fs::read_to_string(arguments.facts.join("SOURCES.md")).unwrap_or_default();
    let day = |commit: &str| sources::day(&page, commit).map(str::to_owned);
    let fact = |name: &'static str| read(&arguments.facts.join(name)).map(|text| (name, text));
    let (attack, tactics) = attack(arguments, day)?;
    let (name, text) = fact("k8s-threat-matrix-microsoft.json")?;
    let mut imported = vec![attack, microsoft::read(name, &text)?];
    let (name, text) = fact("cicd-threat-matrix.json")?;
    imported.push(cicd::common(name, &text, day)?);
    imported.push(cicd::devops(name, &text)?);
    imported.push(owasp::cicd(name, &text, day)?);
    imported.push(owasp::kubernetes(name, &text, day)?);
    let (name, text) = fact("controls-mappings.json")?;
    imported.extend(mappings::read(name, &text, &tactics, day)?);
    let (name, text) = fact("d3fend.json")?;
    imported.push(d3fend::read(name, &text, day)?);
    Ok(imported)
}

/// ATT&CK from the bundle if there is one, from the newest fact file otherwise.
fn attack(
    arguments: &Arguments,
    day: impl Fn(&str) -> Option<String>,
) -> Result<(Imported, Vec<attack::Tactic>), Box<dyn Error>> {
    let Some(bundle) = &arguments.stix else {
        let path = newest(&arguments.facts)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let facts = attack::read(&name, &read(&path)?)?;
        let date = day(&facts.meta.commit);
        return Ok((attack::matrix(&facts, date.as_deref()), facts.tactics));
    };
    let previous = existing(&arguments.out.join("attack.ron"))?;
    if previous.is_none() {
        eprintln!("attack: no earlier matrix to carry facts over from");
    }
    let name = bundle.display().to_string();
    let text = read(bundle)?;
    let stix::Read { facts, date, skipped } =
        stix::read(&name, &text, arguments.release.as_deref(), previous.as_ref())?;
    let mut imported = attack::matrix(&facts, date.as_deref());
    imported.skipped.splice(0..0, skipped);
    Ok((imported, facts.tactics))
}

/// The last `attack-*.json` by the numbers in its name.
fn newest(folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let files = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let release = |path: &PathBuf| -> Option<Vec<u32>> {
        let name = path.file_name()?.to_str()?;
        let release = name.strip_prefix("attack-")?.strip_suffix(".json")?;
        release.split('.').map(|number| number.parse().ok()).collect()
    };
    let paths = files.filter_map(|file| Some(file.ok()?.path()));
    let found = paths.filter_map(|path| Some((release(&path)?, path))).max();
    let none = || format!("{}: no file `attack-VERSION.json`", folder.display());
    Ok(found.map(|(_, path)| path).ok_or_else(none)?)
}

fn existing(path: &Path) -> Result<Option<Matrix>, Box<dyn Error>> {
    if !path.exists() {
        return Ok(None);
    }
    Ok(Some(import::matrix(&path.display().to_string(), &read(path)?)?))
}

fn read(path: &Path) -> Result<String, Box<dyn Error>> {
    Ok(fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?)
}

/// Writes beside the file and renames, so that nobody reads half of it.
fn write(path: &Path, text: &str) -> Result<(), Box<dyn Error>> {
    let beside = path.with_extension("ron.new");
    fs::write(&beside, text).map_err(|e| format!("{}: {e}", beside.display()))?;
    Ok(fs::rename(&beside, path).map_err(|e| format!("{}: {e}", path.display()))?)
}
