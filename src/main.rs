//! The `tmq` program.

fn main() -> std::process::ExitCode {
    std::process::ExitCode::from(tmq::cli::run(std::env::args_os()) as u8)
}
