//! The pictures under `examples/pictures` are what the commands beside them draw.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::path::Path;
use std::process::Command;

/// File and arguments of every row of the table.
fn rows() -> Vec<(String, Vec<String>)> {
    let text = std::fs::read_to_string("examples/pictures/README.md").unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let command = cells.get(2)?.strip_prefix("tmq ")?;
        Some((cells[1].to_owned(), command.split(' ').map(str::to_owned).collect()))
    };
    text.lines().filter_map(row).collect()
}

fn drawn(arguments: &[String]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_tmq")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_picture_is_what_its_command_draws() {
    let rows = rows();
    assert!(rows.len() >= 6, "the table has its pictures");
    for (file, arguments) in rows {
        let (path, drawn) = (Path::new("examples/pictures").join(&file), drawn(&arguments));
        if std::env::var_os("TMQ_BLESS").is_some() {
            std::fs::write(&path, &drawn).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == drawn, "{file} is out of date: TMQ_BLESS=1 cargo test --test pictures");
    }
}

#[test]
fn every_file_beside_the_table_stands_in_it() {
    let listed: Vec<String> = rows().into_iter().map(|(file, _)| file).collect();
    for entry in std::fs::read_dir("examples/pictures").unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name == "README.md" || listed.contains(&name), "{name}");
    }
}

/// Numbers of an attribute in a picture.
fn numbers(svg: &str, attribute: &str) -> Vec<f64> {
    let start = format!(" {attribute}=\"");
    svg.split(start.as_str()).skip(1).filter_map(|rest| rest.split('"').next()?.parse().ok()).collect()
}

#[test]
fn pictures_have_the_shape_of_a_slide_and_letters_that_can_be_read_on_it() {
    for (file, arguments) in
        rows().into_iter().filter(|(_, arguments)| arguments.last().is_some_and(|format| format == "svg"))
    {
        let svg = drawn(&arguments);
        let (width, height) = (numbers(&svg, "width")[0], numbers(&svg, "height")[0]);
        assert!((width / height - 16.0 / 9.0).abs() < 0.001, "{file}: {width} by {height}");
        // On a slide of 1600 pixels the smallest letters have 9, those of steps 11.
        let least = numbers(&svg, "font-size").into_iter().fold(f64::INFINITY, f64::min) * 1600.0 / width;
        assert!(least >= 9.0, "{file}: {least}");
    }
}
