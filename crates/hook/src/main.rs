//! `placet-hook AGENT`: the hot path as a program of its own, with the smallest tree. The same as `placet hook AGENT`.

fn main() {
    placet_hook::main(std::env::args_os().skip(1))
}
