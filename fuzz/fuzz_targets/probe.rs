//! Any text: the probe looks at it without a panic in bounded time, names parts inside the text and on character
//! boundaries, and says the same a second time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use placet_probe::{Level, Origin, Request, look};

fuzz_target!(|text: &str| {
    let request = Request::new(&["summarise the page"]);
    let finding = look(text, Origin::Network, &request);
    for part in &finding.parts {
        assert!(text.get(part.start..part.end).is_some(), "a part outside the text or inside a character");
    }
    assert_eq!(finding.parts.is_empty(), finding.level == Level::None);
    assert_eq!(finding, look(text, Origin::Network, &request));
});
