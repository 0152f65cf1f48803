//! How the hook is linked: at fixed addresses where the system's C library allows it. The compiled-in tables hold some
//! seventy thousand addresses; a program that may be loaded anywhere has to correct each of them at every start, which
//! costs milliseconds. The static build is linked so anyway.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |part: &str| std::env::var(format!("CARGO_CFG_TARGET_{part}")).unwrap_or_default();
    if target("OS") == "linux" && target("ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
