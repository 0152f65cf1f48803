//! Prints what the code in each given file would do. A way to look at the analysis, not a part of the product.

use std::time::Instant;

use placet_languages::{Code, Language, analyse};

fn main() {
    for file in std::env::args().skip(1) {
        let Ok(text) = std::fs::read_to_string(&file) else {
            println!("{file}: not readable");
            continue;
        };
        let language = match file.rsplit('.').next() {
            Some("js" | "mjs" | "cjs" | "jsx") => Language::JavaScript,
            Some("ts" | "mts" | "tsx") => Language::TypeScript,
            Some("rb") => Language::Ruby,
            Some("pl" | "pm") => Language::Perl,
            _ => Language::Python,
        };
        let start = Instant::now();
        let analysis = analyse(Code {
            language,
            text: &text,
            file: Some(&file),
        });
        let dynamic = if analysis.is_opaque() { ", opaque" } else { "" };
        let complete = if analysis.complete { "" } else { ", incomplete" };
        println!(
            "{file}: {} bytes, {} µs{dynamic}{complete}",
            text.len(),
            start.elapsed().as_micros()
        );
        for operation in &analysis.operations {
            println!("  {:?} {}", operation.span, operation.what);
        }
    }
}
