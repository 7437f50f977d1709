//! The language: from text to a question with its names resolved, the largest texts, completion, comparisons.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use tmq::analysis::Limits;
use tmq::catalogue::builtin;
use tmq::graph::{AttackGraph, Inventory};
use tmq::query::{Environment, MAX_LENGTH, Session, complete, execute, parse_question, parse_script, questions};

const TYPICAL: &str = "paths from internet to cluster-admin on eks@aws with mfa, imdsv2 avoiding T1552.005 limit 5 | where effort <= 10 | sort effort";

/// Texts of the greatest length that is allowed, each costly for another room.
fn largest() -> Vec<(&'static str, String)> {
    let filled = |head: &str, part: &str, tail: &str| {
        let room = MAX_LENGTH - head.len() - tail.len();
        format!("{head}{}{tail}", part.repeat(room / part.len()))
    };
    vec![
        ("names", filled("path from ", "cloud-role,", "cloud-role to cluster-admin on eks")),
        ("unknown-names", filled("path from ", "x,", "cloud-rol to cluster-admin")),
        ("facets", filled("path from ", "layer:platform,", "cloud-role to cluster-admin on eks")),
        ("globs", filled("positions ", "*a*e*i*o*u*,", "internet")),
        ("techniques", filled("path from cloud-role to cluster-admin on eks avoiding ", "T1552,", "T1611")),
        ("complements", filled("positions ", "!a,", "internet")),
        ("conditions", filled("positions | where ", "id=x or ", "id=y")),
        ("columns", filled("positions | select ", "id,", "id")),
        ("stages", filled("positions", "|limit 9", "|count")),
        ("statements", filled("", "path to x;", "")),
        ("quotes", filled("explain \"", "\\\"", "\"")),
        ("open", filled("path from (", "a&", "a")),
        ("nonsense", filled("", "é(", "")),
    ]
}

/// Everything that a script can ask for, up to its first error.
fn answered(environment: &Environment<'_>, text: &str) -> usize {
    let Ok(statements) = parse_script(text) else { return 0 };
    let mut session = Session::default();
    let asked = statements.into_iter().map_while(|parsed| session.take(parsed.statement).ok()).flatten();
    asked.map_while(|query| execute(environment, &query).ok()).count()
}

fn language(c: &mut Criterion) {
    let inventory = Inventory::bare(builtin());
    let graph = AttackGraph::ground(builtin(), &inventory);
    let environment =
        Environment { catalogue: builtin(), inventory: &inventory, graph: &graph, limits: Limits::default() };
    c.bench_function("parse/typical", |b| b.iter(|| parse_question(black_box(TYPICAL))));
    c.bench_function("parse-and-resolve/typical", |b| {
        b.iter(|| parse_question(black_box(TYPICAL)).and_then(|query| questions(&environment, &query)));
    });
    let mut group = c.benchmark_group("largest");
    group.sample_size(10);
    for (name, text) in largest() {
        assert!(text.len() <= MAX_LENGTH, "{name}");
        group.bench_function(name, |b| b.iter(|| answered(&environment, black_box(&text))));
    }
    group.finish();
    for (name, text) in [
        ("clause", "path from cloud-role to cluster-admin with im"),
        ("explain", "explain T15"),
        ("values", "steps technique:T1"),
        ("stage", "paths from cloud-role to cluster-admin on eks limit 3 | techniques | where "),
    ] {
        c.bench_function(&format!("complete/{name}"), |b| b.iter(|| complete(builtin(), black_box(text))));
    }
    let each = parse_question("paths from cloud-role to cluster-admin on each * limit 5").expect("a question");
    c.bench_function("paths-5/each-hosting", |b| b.iter(|| execute(&environment, black_box(&each))));
}

criterion_group!(benches, language);
criterion_main!(benches);
