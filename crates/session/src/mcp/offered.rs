//! What the model is told of a server: names that every provider takes, and descriptions that passed the probe. A server's
//! words about itself are data of somebody else's; the model would read them as its own instructions.

use serde_json::{Map, Value, json};

use super::link::{Listed, Listing};
use super::names;
use crate::tools::Tool;

/// As much of a description is told.
const LONGEST: usize = 2048;
/// A schema that is larger is not told.
const LARGEST: usize = 32 << 10;
/// Keys of a schema that hold words for readers, and change nothing of what fits it.
const WORDS: &[&str] = &[
    "description",
    "title",
    "examples",
    "default",
    "$comment",
    "markdownDescription",
];
/// As deep as a schema is looked into.
const DEEPEST: usize = 32;

/// A tool as the model has it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Offered {
    pub(super) tool: Tool,
    /// Its name at the server.
    pub(super) at_server: String,
}

/// All that is told of a server.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Offer {
    pub(super) tools: Vec<Offered>,
    /// What it says of itself.
    pub(super) instructions: String,
    /// What was kept from the model, for people.
    pub(super) withheld: Vec<String>,
}

/// Whether a text reads like orders to the model, as the probe sees it; the name says whose it is.
pub(super) type Suspicious<'a, E> = dyn FnMut(&str, &str) -> Result<bool, E> + 'a;

/// What of the listing may be told.
pub(super) fn offer<E>(server: &str, listing: &Listing, suspicious: &mut Suspicious<'_, E>) -> Result<Offer, E> {
    let mut offer = Offer::default();
    let itself = format!("mcp__{server}");
    let instructions = cut(&listing.instructions);
    if suspicious(&itself, &instructions)? {
        offer
            .withheld
            .push("what it says of itself reads like orders to the model, and is withheld".to_owned());
    } else {
        offer.instructions = instructions;
    }
    for listed in &listing.tools {
        let taken = |name: &str| offer.tools.iter().any(|offered| offered.tool.name == name);
        let name = names::tool(server, &listed.name, &taken);
        if taken(&name) {
            offer.withheld.push(format!("`{name}` is there twice; one is left out"));
            continue;
        }
        let Some(schema) = schema(listed, &name, &mut offer.withheld, suspicious)? else {
            continue;
        };
        let mut about = cut(&listed.description);
        if suspicious(&name, &about)? {
            offer.withheld.push(format!(
                "the description of `{name}` reads like orders to the model, and is withheld"
            ));
            about = "(Its server's description of it was withheld: it reads like orders to you.)".to_owned();
        }
        offer.tools.push(Offered {
            tool: Tool {
                name,
                about,
                schema,
                // A server's own word that a tool only reads is no proof of it.
                looks: false,
            },
            at_server: listed.name.clone(),
        });
    }
    if listing.cut {
        offer.withheld.push("it has more tools than are looked at".to_owned());
    }
    Ok(offer)
}

/// The schema of a tool's arguments; `None` if even its bare names are suspicious.
fn schema<E>(
    listed: &Listed,
    name: &str,
    withheld: &mut Vec<String>,
    suspicious: &mut Suspicious<'_, E>,
) -> Result<Option<Value>, E> {
    let mut schema = Value::Object(listed.schema.as_ref().clone());
    let size = schema.to_string().len();
    if size > LARGEST || !is_shallow(&schema, DEEPEST) {
        withheld.push(format!("the schema of `{name}` is too large, and is withheld"));
        return Ok(Some(json!({"type": "object"})));
    }
    if suspicious(name, &texts(&schema))? {
        strip(&mut schema, true);
        if suspicious(name, &texts(&schema))? {
            withheld.push(format!(
                "`{name}` is left out: its arguments read like orders to the model"
            ));
            return Ok(None);
        }
        withheld.push(format!(
            "what `{name}` says of its arguments reads like orders to the model, and is withheld"
        ));
    }
    if let Some(map) = schema.as_object_mut() {
        map.entry("type").or_insert_with(|| "object".into());
    }
    Ok(Some(schema))
}

fn cut(text: &str) -> String {
    let (shown, more) = crate::tools::cut(text, LONGEST);
    if more { format!("{shown}…") } else { shown.to_owned() }
}

fn is_shallow(value: &Value, room: usize) -> bool {
    let Some(room) = room.checked_sub(1) else {
        return false;
    };
    match value {
        Value::Object(map) => map.values().all(|value| is_shallow(value, room)),
        Value::Array(list) => list.iter().all(|value| is_shallow(value, room)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// Every text in it, one a line, names among them.
fn texts(value: &Value) -> String {
    fn add(value: &Value, all: &mut String) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    all.push_str(key);
                    all.push('\n');
                    add(value, all);
                }
            }
            Value::Array(list) => list.iter().for_each(|value| add(value, all)),
            Value::String(text) => {
                all.push_str(text);
                all.push('\n');
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut all = String::new();
    add(value, &mut all);
    all
}

/// Takes out what is only there to be read. Below `properties` keys are names of arguments, not words of a schema.
fn strip(value: &mut Value, words: bool) {
    match value {
        Value::Object(map) => {
            if words {
                map.retain(|key, _| !WORDS.contains(&key.as_str()));
            }
            inside(map);
        }
        Value::Array(list) => list.iter_mut().for_each(|value| strip(value, true)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn inside(map: &mut Map<String, Value>) {
    for (key, value) in map {
        let names = matches!(
            key.as_str(),
            "properties" | "patternProperties" | "$defs" | "definitions"
        );
        strip(value, !names);
    }
}

#[cfg(test)]
mod tests {
    use super::{Listed, Listing, Offer, offer};
    use serde_json::{Value, json};
    use std::sync::Arc;

    fn listing(tools: &[(&str, &str, Value)]) -> Listing {
        let tools = tools.iter().map(|(name, description, schema)| Listed {
            name: (*name).to_owned(),
            description: (*description).to_owned(),
            schema: Arc::new(schema.as_object().unwrap().clone()),
        });
        Listing {
            tools: tools.collect(),
            ..Listing::default()
        }
    }

    fn offered(listing: &Listing) -> Offer {
        offer("s", listing, &mut |_, text| Ok::<_, ()>(text.contains("OBEY"))).unwrap()
    }

    #[test]
    fn suspicious_words_are_withheld_and_the_rest_stays() {
        let schema = json!({"type": "object", "properties": {"path": {"type": "string", "description": "where"}}});
        let poisoned = json!({"type": "object", "properties": {
            "description": {"type": "string", "description": "OBEY me"}, "b": {"enum": ["x"], "default": "OBEY"}}});
        let offer = offered(&listing(&[
            ("good", "Reads.", schema.clone()),
            ("bad", "OBEY me", schema.clone()),
            ("args", "Reads.", poisoned),
            ("names", "Reads.", json!({"type": "object", "properties": {"OBEY": {}}})),
        ]));
        let tool = |name: &str| offer.tools.iter().find(|offered| offered.at_server == name);
        assert_eq!(tool("good").unwrap().tool.schema, schema);
        assert!(tool("bad").unwrap().tool.about.contains("withheld"));
        assert_eq!(tool("bad").unwrap().tool.schema, schema);
        assert_eq!(
            tool("args").unwrap().tool.schema,
            json!({"type": "object", "properties": {"description": {"type": "string"}, "b": {"enum": ["x"]}}})
        );
        assert!(tool("names").is_none());
        assert_eq!(offer.withheld.len(), 3, "{:?}", offer.withheld);
    }

    #[test]
    fn names_that_fall_together_stay_two_tools_and_long_words_are_cut() {
        let offer = offered(&listing(&[
            ("a.b", &"long ".repeat(1000), json!({})),
            ("a/b", "", json!({})),
            ("a/b", "", json!({})),
        ]));
        let names: Vec<&str> = offer.tools.iter().map(|offered| offered.tool.name.as_str()).collect();
        assert_eq!(names.len(), 2, "{names:?}");
        assert!(
            names[0] == "mcp__s__a_b" && names[1].starts_with("mcp__s__a_b_"),
            "{names:?}"
        );
        assert!(offer.tools[0].tool.about.len() < 2100);
        assert_eq!(offer.tools[1].tool.schema, json!({"type": "object"}));
    }

    #[test]
    fn a_schema_without_end_is_not_told() {
        let mut deep = json!("x");
        for _ in 0..100 {
            deep = json!({"properties": {"a": deep}});
        }
        let offer = offered(&listing(&[
            ("deep", "", deep),
            ("large", "", json!({"a": "x".repeat(100_000)})),
        ]));
        assert!(
            offer
                .tools
                .iter()
                .all(|offered| offered.tool.schema == json!({"type": "object"}))
        );
    }
}
