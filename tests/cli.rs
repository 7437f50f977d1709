//! The binary, driven to prove the wiring: exit codes, streams, files, formats.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, reason = "a test may fail")]

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

fn tmq(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tmq")).args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn words(line: &str) -> Output {
    tmq(&line.split(' ').collect::<Vec<_>>())
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Asserts that a command line is answered, and that the answer holds each text.
#[track_caller]
fn answers(line: &str, texts: &[&str]) {
    let output = words(line);
    let shown = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{line}");
    for text in texts {
        assert!(shown.contains(text), "{line}: no `{text}` in\n{shown}");
    }
}

/// Asserts that a command line is refused with a code, a sentence and a suggestion, on stderr only.
#[track_caller]
fn refuses(arguments: &[&str], code: i32, sentence: &str, help: &str) {
    let output = tmq(arguments);
    let shown = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {shown}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    assert!(shown.contains(sentence), "{arguments:?}: no `{sentence}` in\n{shown}");
    assert!(shown.contains(help), "{arguments:?}: no `{help}` in\n{shown}");
}

#[test]
fn the_main_question_is_answered_exactly_with_one_line_per_hosting_option() {
    answers(
        "path --from cloud-role --to cluster-admin",
        &[
            "(exact)",
            "cloud-role",
            "cluster-admin",
            "eks@aws ",
            "gke@gcp ",
            "aks@azure ",
            "openshift@azure ",
            "pcf@gcp ",
        ],
    );
}

#[test]
fn on_each_gives_the_best_plan_of_every_option_that_has_the_foothold() {
    let output = words("path --from cloud-role --to cluster-admin --on each --format json");
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let on: Vec<&str> = answer["rows"].as_array().unwrap().iter().map(|r| r["each"]["on"].as_str().unwrap()).collect();
    let wanted = [
        "eks@aws",
        "gke@gcp",
        "aks@azure",
        "k8s@aws",
        "k8s@gcp",
        "k8s@azure",
        "openshift@aws",
        "openshift@gcp",
        "openshift@azure",
        "pcf@aws",
        "pcf@gcp",
        "pcf@azure",
        "rosa@aws",
        "aro@azure",
    ];
    for option in wanted {
        assert_eq!(on.iter().filter(|o| **o == option).count(), 1, "{option}");
    }
    assert_eq!(answer["exact"], true);
}

#[test]
fn json_carries_what_a_program_needs_to_replay_a_plan() {
    let output = words("paths --from cloud-role --to cluster-admin --on eks -k 3 --format json");
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["schema"], "tmq/1");
    assert_eq!(answer["query"], "paths from cloud-role to cluster-admin on eks limit 3");
    assert_eq!(answer["type"], "plans");
    for key in ["tmq", "catalogue", "digest", "attack"] {
        assert!(answer["versions"][key].as_str().is_some_and(|v| !v.is_empty()), "{key}");
    }
    for plan in answer["rows"].as_array().unwrap() {
        let mut held = vec!["cloud-role".to_owned(), "internet".to_owned()];
        let mut effort = 0.0;
        for step in plan["steps"].as_array().unwrap() {
            for key in [
                "id",
                "kind",
                "needs",
                "grants",
                "techniques",
                "effort",
                "prevented_by",
                "hindered_by",
                "vector",
                "sources",
            ] {
                assert!(!step[key].is_null() || key == "vector", "{key}");
            }
            for need in step["needs"].as_array().unwrap() {
                assert!(held.iter().any(|h| need["position"] == h.as_str()), "{need}");
            }
            held.push(step["grants"].as_str().unwrap().to_owned());
            effort += step["effort"].as_f64().unwrap();
        }
        assert!(held.contains(&"cluster-admin".to_owned()));
        assert!((effort - plan["effort"].as_f64().unwrap()).abs() < 1e-9);
    }
}

#[test]
fn the_same_question_gives_the_same_bytes_in_every_format() {
    for format in ["text", "table", "json", "csv", "dot", "mermaid"] {
        let line = format!("paths --from ci-runner --to app-data --on each managed -k 2 --format {format}");
        let (first, second) = (words(&line), words(&line));
        assert_eq!(first.status.code(), Some(0), "{format}");
        assert!(first.stdout == second.stdout && !first.stdout.is_empty(), "{format}");
    }
}

#[test]
fn listings_and_cards_answer_in_every_format_that_makes_sense() {
    for format in ["text", "table", "json", "csv"] {
        answers(&format!("list steps source:article --format {format}"), &["id"]);
        answers(&format!("explain imdsv2 T1552.005 --format {format}"), &["imdsv2", "T1552.005"]);
    }
    refuses(&["list", "steps", "--format", "dot"], 2, "only plans can be drawn as `dot`", "ask for `text`");
}

#[test]
fn the_canonical_question_is_printed_on_request() {
    let output = tmq(&[
        "path",
        "--from",
        "cloud-role",
        "--to",
        "all",
        "app-data,",
        "cluster-admin",
        "--with",
        "profile:article",
        "--by",
        "steps",
        "--show-query",
    ]);
    assert_eq!(stdout(&output), "path from cloud-role to all app-data, cluster-admin with profile:article by steps\n");
}

#[test]
fn old_codes_lead_to_their_successors() {
    answers("explain T1053.007 T1562.008", &["T1053.007", "T1562.008"]);
    answers("explain T1208", &["T1558.003", "T1208"]);
}

#[test]
fn a_goal_that_is_held_is_an_empty_plan() {
    answers("path --from cloud-role --to cloud-role --on eks", &["effort 0", "held already"]);
}

#[test]
fn an_empty_answer_says_what_blocks_it() {
    answers(
        "path --from cloud-role --to cluster-admin --on eks --within cloud-role",
        &["no attack path", "without `avoiding` and `within` the best plan has effort"],
    );
    answers(
        "path --from data-exfiltrated --to cluster-admin --on eks",
        &["no attack path", "if the attacker may start from the internet as well"],
    );
}

#[test]
fn unknown_names_are_refused_with_the_nearest_ones() {
    refuses(
        &["path", "--from", "cloud-rol", "--to", "cluster-admin"],
        2,
        "no position `cloud-rol`",
        "did you mean `cloud-role`?",
    );
    refuses(&["path", "--to", "cluster-admin", "--on", "ekz"], 2, "`ekz`", "did you mean `eks`?");
    refuses(&["path", "--to", "cluster-admin", "--with", "imdsv"], 2, "no mitigation `imdsv`", "`imdsv2`");
    refuses(&["explain", "clowd-role"], 2, "nothing is called `clowd-role`", "`cloud-role`");
    refuses(&["list", "steps", "grantz:cluster-admin"], 2, "steps have no field `grantz`", "grants");
}

#[test]
fn names_of_the_wrong_sort_are_refused_with_the_clause_that_takes_them() {
    refuses(&["path", "--from", "imdsv2", "--to", "cluster-admin"], 2, "`imdsv2` is a mitigation", "`with`");
    refuses(&["path", "--from", "T1611", "--to", "cluster-admin"], 2, "`T1611` is a technique", "`through`");
    refuses(&["path", "--to", "cluster-admin", "--with", "cloud-role"], 2, "`cloud-role` is a position", "`from`");
}

#[test]
fn impossible_and_contradictory_questions_are_refused() {
    refuses(
        &["path", "--from", "cloud-role", "--to", "cluster-admin", "--on", "k8s@on-prem"],
        2,
        "cloud-role does not exist on k8s@on-prem",
        "it exists on",
    );
    refuses(
        &["paths", "--to", "cluster-admin", "--through", "node-root", "--avoiding", "node-root"],
        2,
        "to be passed and avoided",
        "drop it",
    );
    refuses(
        &["path", "--from", "cloud-role", "--to", "cluster-admin", "--avoiding", "cloud-role"],
        2,
        "is to be avoided",
        "drop it",
    );
    refuses(&["path", "--from", "cloud-role"], 2, "no objective", "to cluster-admin");
    refuses(&["reach", "--from", "cloud-role", "--to", "cluster-admin"], 2, "`reach` asks for everything", "paths");
}

#[test]
fn limits_are_refused_at_both_ends() {
    refuses(&["paths", "--to", "cluster-admin", "-k", "0"], 2, "a limit of 0", "at least one");
    refuses(&["paths", "--to", "cluster-admin", "-k", "10001"], 2, "more than 10000", "narrow");
    refuses(&["paths", "--to", "cluster-admin", "-k", "many"], 2, "invalid value", "--help");
    refuses(&["paths", "--to", "cluster-admin", "-k", "99999999999999999999999"], 2, "invalid value", "--help");
}

#[test]
fn broken_selectors_are_refused_where_they_break() {
    refuses(&["path", "--to", "(a"], 2, "the text ends where", "close the parenthesis");
    refuses(&["path", "--to", "a & & b"], 2, "expected", "join names");
    refuses(&["path", "--to", "layer:"], 2, "the text ends where", "join names");
    refuses(&["path", "--to", ""], 2, "`to` says nothing", "name at least one");
    refuses(&["path", "--to", &"(".repeat(5_000)], 2, "nested deeper", "fewer parentheses");
    refuses(&["path", "--to", &"a,".repeat(40_000)], 2, "longer than", "glob");
    refuses(&["path", "--to", "\u{1b}[31mx"], 2, "expected", "join names");
}

#[test]
fn a_search_that_stops_early_says_so_with_a_bound_and_exit_code_4() {
    let output = words("paths --from internet --to cluster-admin --on eks -k 50 --search-limit 20");
    let shown = stdout(&output);
    assert_eq!(output.status.code(), Some(4));
    assert!(
        shown.contains("the search stopped after 20 expansions") && shown.contains("bounded: nothing below"),
        "{shown}"
    );
}

fn scratch(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn an_answer_goes_to_a_file_whole_or_not_at_all() {
    let folder = scratch("output");
    let file = folder.join("plans.json");
    let path = file.to_str().unwrap();
    let output = tmq(&["path", "--to", "cluster-admin", "--on", "eks", "--format", "json", "-o", path]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
    let answer: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    assert_eq!(answer["schema"], "tmq/1");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside the file");
    let before = fs::read(&file).unwrap();
    refuses(&["path", "--to", "nowhere", "-o", path], 2, "no position `nowhere`", "help");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_file_that_cannot_be_written_is_exit_code_3() {
    let folder = scratch("unwritable");
    let below_a_file = folder.join("file");
    fs::write(&below_a_file, "x").unwrap();
    let path = below_a_file.join("x.json");
    refuses(
        &["path", "--to", "cluster-admin", "-o", path.to_str().unwrap()],
        3,
        "cannot write",
        "a folder that exists",
    );
    refuses(
        &["path", "--to", "cluster-admin", "-o", folder.to_str().unwrap()],
        3,
        "cannot write",
        "a folder that exists",
    );
}

#[test]
fn a_closed_pipe_is_quiet() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tmq"))
        .args(["list", "techniques", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdout.take().unwrap();
    let mut first = [0; 16];
    pipe.read_exact(&mut first).unwrap();
    drop(pipe);
    let output = child.wait_with_output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn arguments_that_are_not_unicode_are_refused() {
    #[cfg(unix)]
    {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let output = Command::new(env!("CARGO_BIN_EXE_tmq"))
            .arg("path")
            .arg("--to")
            .arg(OsStr::from_bytes(b"\xff\xfe"))
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn usage_errors_are_exit_code_2_and_help_is_an_answer() {
    for line in
        ["frobnicate", "path --frobnicate x", "list", "list frobs", "explain", "catalogue", "completions klingon"]
    {
        let output = words(line);
        assert_eq!(output.status.code(), Some(2), "{line}");
    }
    for line in ["--help", "path --help", "--version", "catalogue check --help"] {
        answers(line, &["tmq"]);
    }
}

#[test]
fn completions_exist_for_the_usual_shells() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        answers(&format!("completions {shell}"), &["tmq", "exposure"]);
    }
}

#[test]
fn the_notice_says_what_the_sources_ask() {
    answers("catalogue notice", &["The MITRE Corporation", "Creative Commons Attribution 4.0", "Apache"]);
}

#[test]
fn the_catalogue_check_passes() {
    answers("catalogue check", &["only states prevent"]);
}

#[test]
fn facet_values_that_nothing_has_are_refused_with_those_there_are() {
    refuses(&["list", "steps", "layer:foo"], 2, "no steps have `layer:foo`", "values are application");
    refuses(&["list", "positions", "!class:identiti"], 2, "no positions have `class:identiti`", "`identity`");
    refuses(&["list", "steps", "mitigation:imdsvv"], 2, "no steps have", "`imdsv2`");
}

#[test]
fn blast_radius_is_by_effort_or_by_steps_and_takes_no_limit() {
    refuses(&["reach", "--from", "ci-runner", "--by", "hardest"], 2, "`hardest` orders plans", "by steps");
    refuses(&["exposure", "--to", "cluster-admin", "-k", "3"], 2, "a limit counts plans", "leave the limit out");
    answers("reach --from ci-runner --on gke --by steps", &["attack_steps"]);
}

#[test]
fn plans_by_their_hardest_step_say_effort_and_hardest_apart() {
    answers(
        "path --from ci-runner --to cluster-admin --by hardest",
        &["hardest ", "effort ", "asked: path from ci-runner"],
    );
}

#[test]
fn tactics_are_avoided_by_their_codes() {
    answers("paths --from cloud-role --to cluster-admin --on eks --avoiding TA0004 -k 2", &["path 1"]);
}

#[test]
fn mitigations_in_force_are_named_and_efforts_are_told_against_their_base() {
    answers(
        "path --from ci-deploy-job --to ci-secrets --on eks --with ci-secret-store",
        &["with ci-secret-store", "(base "],
    );
    // What the question names itself is not told twice; of many, how many there are, and how to see them.
    answers(
        "path --from ci-runner --to ci-secrets --on eks --with profile:article --without !kind:idp",
        &["in force: "],
    );
    answers(
        "path --from ci-runner --to ci-secrets --on eks --with profile:article",
        &["in force: 47 mitigations: `--verbose` names them"],
    );
    answers("path --from ci-runner --to ci-secrets --with profile:article --verbose", &["in force: api-admin-proxy, "]);
    answers(
        "path --from ci-runner --to ci-secrets --with profile:article --without mfa --format json",
        &["\"in_force\": [\n    \"api-admin-proxy\""],
    );
}

#[test]
fn a_technique_card_names_our_mitigations() {
    answers("explain t1552.005", &["prevented by ours", "imdsv2"]);
    answers("explain profile:article", &["profile"]);
    answers("explain managed", &["eks@aws", "aro@azure"]);
    refuses(&["path", "--to", "cluster-admin", "--with", "article"], 2, "`article` is a profile", "`profile:article`");
    refuses(&["explain", ""], 2, "`explain` says nothing", "imdsv2");
}

#[test]
fn the_readme_shows_what_its_first_command_prints() {
    let readme = fs::read_to_string("README.md").unwrap();
    let shown = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next());
    assert_eq!(shown, Some(stdout(&words("path --from cloud-role --to cluster-admin")).as_str()));
}

#[test]
fn every_question_of_the_readme_is_answered() {
    let readme = fs::read_to_string("README.md").unwrap();
    let commands = readme
        .lines()
        .filter(|l| l.starts_with("| "))
        .filter_map(|l| l.split('`').nth(1))
        .filter(|c| c.starts_with("tmq "));
    let mut asked = 0;
    for command in commands {
        let line = command.split(" \\|").next().unwrap().trim_start_matches("tmq ");
        // A word in quotes is one argument.
        let arguments: Vec<&str> = line
            .split('\'')
            .enumerate()
            .flat_map(|(i, part)| if i % 2 == 1 { vec![part] } else { part.split_whitespace().collect() })
            .collect();
        let output = tmq(&arguments);
        assert_eq!(output.status.code(), Some(0), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        asked += 1;
    }
    assert!(asked >= 12, "only {asked} commands were found");
}

#[test]
fn a_search_that_stops_is_never_told_as_an_answer() {
    for line in ["rank", "roadmap", "curve", "chokes", "why", "fragile --with profile:article", "cuts --beyond 9"] {
        let mut arguments: Vec<&str> = line.split(' ').collect();
        arguments.extend(["--to", "cluster-admin", "--on", "eks", "--search-limit", "1"]);
        let output = tmq(&arguments);
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(4), "{line}: {text}");
        assert!(
            text.contains("stopped") && text.contains("bounded") && !text.contains("no plan is left"),
            "{line}: {text}"
        );
    }
}

#[test]
fn costs_that_are_none_are_refused_at_their_flag() {
    for (cost, said) in [("mfa", "says no cost"), ("mfa=much", "is no cost"), ("nonesuch=3", "no mitigation")] {
        let output = tmq(&["cuts", "--to", "cluster-admin", "--on", "eks", "--cost", cost]);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{cost}: {text}");
        assert!(text.contains(said) && text.contains("help:"), "{cost}: {text}");
    }
}

#[test]
fn what_show_query_prints_is_the_same_question_in_words() {
    for line in [
        "path --from cloud-role --to cluster-admin",
        "paths -f ci-runner -t app-data --on eks -k 5 --with profile:article --without mfa",
        "paths --to all cluster-admin, cloud-admin --on each managed --by steps",
        "paths --to cluster-admin --through registry-push then node-root --avoiding T1611,tactic:TA0001",
        "reach --from ci-runner --within layer:infrastructure,layer:platform --assuming platform-api-reach",
        "exposure --to class:admin & !on:pcf --on each",
        "cuts -f cloud-role -t cluster-admin --on eks --beyond 8 --including mfa --cost mfa=3 --cost kind:idp=2.5 --surviving 1 -k 2",
        "cuts --to cluster-admin --limit optimal",
        "cuts --to cluster-admin --spending 3 --without mfa",
        "rank -k 4 --on each managed",
        "roadmap --to cluster-admin --spending 4 -k 3",
        "curve --to cluster-admin --beyond 9 --cost (mfa,edr)=2",
        "chokes --to app-data -k 10",
        "why --from container-exec --to node-root --beyond 7 -k 3",
        "fragile --to cluster-admin --with profile:article --beyond 4",
        "watch --to cluster-admin --early 2 --cost cloud-audit=2",
        "gaps --from internet --on each",
        "list steps source:article & !kind:open",
        "explain imdsv2 T1552.005 Cloud-Role",
    ] {
        let mut arguments: Vec<&str> = line.split(' ').collect();
        arguments.push("--show-query");
        let shown = tmq(&arguments);
        let text = String::from_utf8(shown.stdout).unwrap();
        let asked = tmq::query::parse_question(text.trim()).unwrap_or_else(|error| panic!("{line}: {text}: {error}"));
        assert_eq!(asked.to_string(), text.trim(), "{line}");
        let again = tmq(&["query", text.trim(), "--show-query"]);
        assert_eq!(String::from_utf8(again.stdout).unwrap(), text, "{line}");
    }
}

#[test]
fn what_is_piped_in_is_a_script_that_stops_at_its_first_error() {
    let (code, out, err) = piped("positions | count; path form x; positions | count");
    assert_eq!((code, out.as_str()), (2, ""), "a script that cannot be read answers nothing");
    assert!(err.contains("did you mean `from`?"), "{err}");
    let (code, out, err) = piped("positions | count; path to nothing-of-this-name; positions | count");
    assert_eq!((code, out.matches("count").count() > 0), (2, true), "{out}{err}");
    assert!(err.contains("nothing-of-this-name"), "{err}");
}

/// Exit code and both outputs of the program without arguments, with a text piped in.
fn piped(text: &str) -> (i32, String, String) {
    use std::io::Write;
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_tmq"))
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let told = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), told(output.stdout), told(output.stderr))
}

#[test]
fn help_knows_commands_words_and_the_language() {
    for (topic, expected) in
        [("paths", "--from"), ("through", "clause"), ("language", "## Clauses"), ("limit", "stage")]
    {
        let output = tmq(&["help", topic]);
        assert!(String::from_utf8(output.stdout).unwrap().contains(expected), "{topic}");
    }
    let output = tmq(&["help", "thruogh"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("did you mean `through`?"));
}

#[test]
fn pictures_without_graphviz_are_refused_with_a_way_out() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_tmq"))
        .args(["path", "--from", "cloud-role", "--to", "cluster-admin", "--render", "pdf", "-o", "/dev/null"])
        .env("PATH", "/nowhere")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--format svg"));
}

#[test]
fn programs_that_ask_for_json_are_told_errors_as_json() {
    let calls: [(&[&str], &str, usize); 5] = [
        (&["path", "--from", "cloud-rol", "--to", "x", "--format", "json"], "unknown-name", 2),
        (&["path", "--frm", "x", "--format=jsonl"], "usage", 2),
        (&["query", "path to cluster-admn | as json"], "unknown-name", 2),
        (&["query", "path frm", "--format", "json"], "syntax", 2),
        (&["query", "missing-file.tmq", "--format", "json"], "unreadable", 3),
    ];
    for (arguments, code, exit) in calls {
        let output = tmq(arguments);
        let line = String::from_utf8(output.stderr).unwrap();
        let value: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert_eq!(value["schema"], "tmq/1");
        assert_eq!(value["error"]["code"], code, "{line}");
        assert_eq!(value["error"]["exit"], exit, "{line}");
        assert_eq!(output.status.code().and_then(|c| usize::try_from(c).ok()), Some(exit));
        let place = &value["error"]["place"];
        if let (Some(text), Some(end)) = (place["text"].as_str(), place["end"].as_u64()) {
            assert!(usize::try_from(end).is_ok_and(|end| end <= text.len()), "{line}");
        }
    }
}
