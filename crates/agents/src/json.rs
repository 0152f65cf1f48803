//! Strict JSON: what every agent's message passes before anything looks at it. Refuses what two readers could read in
//! two ways (duplicate keys, a byte order mark, text after the end) and what costs without bound (size, depth, count).

use core::cell::Cell;
use core::fmt;

use serde_core::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::{MAX_INPUT, ParseError, ParseProblem};

/// The most values in one message; a real one has a few dozen. (Depth is bounded by `serde_json` itself.)
const MAX_VALUES: usize = 100_000;

/// Reads one JSON object and nothing else.
pub(crate) fn object(bytes: &[u8]) -> Result<Map<String, Value>, ParseError> {
    if bytes.len() > MAX_INPUT {
        return Err(ParseError::new(ParseProblem::TooLarge));
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(ParseError::new(ParseProblem::ByteOrderMark));
    }
    let text =
        core::str::from_utf8(bytes).map_err(|error| ParseError::new(ParseProblem::NotUtf8(error.valid_up_to())))?;
    if text.trim_ascii().is_empty() {
        return Err(ParseError::new(ParseProblem::Empty));
    }
    let count = Count {
        left: Cell::new(MAX_VALUES),
        problem: Cell::new(None),
    };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Strict(&count)
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value));
    match value {
        Ok(Value::Object(map)) => Ok(map),
        Ok(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
            Err(ParseError::new(ParseProblem::NotAnObject))
        }
        Err(error) => {
            let problem = count
                .problem
                .take()
                .unwrap_or_else(|| ParseProblem::NotJson(error.to_string()));
            Err(ParseError::new(problem))
        }
    }
}

/// What is left of the budget, and what stopped the reading if it was not the JSON itself.
struct Count {
    left: Cell<usize>,
    problem: Cell<Option<ParseProblem>>,
}

/// Builds a value, counting values and refusing duplicate keys.
struct Strict<'a>(&'a Count);

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let Some(left) = self.0.left.get().checked_sub(1) else {
            self.0.problem.set(Some(ParseProblem::TooLarge));
            return Err(D::Error::custom("too many values"));
        };
        self.0.left.set(left);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Strict(self.0))? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if map.contains_key(&key) {
                self.0.problem.set(Some(ParseProblem::DuplicateKey(key)));
                return Err(A::Error::custom("duplicate key"));
            }
            let value = entries.next_value_seed(Strict(self.0))?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::object;
    use crate::ParseProblem;

    fn problem(bytes: &[u8]) -> ParseProblem {
        object(bytes).unwrap_err().problem
    }

    #[test]
    fn an_object_is_read_as_it_stands() {
        let map = object(br#" {"a": [1, -2, 1.5, null, true, "\u00e4"], "b": {"c": ""}} "#).unwrap();
        assert_eq!(
            serde_json::Value::Object(map).to_string(),
            r#"{"a":[1,-2,1.5,null,true,"ä"],"b":{"c":""}}"#
        );
    }

    #[test]
    fn a_key_that_occurs_twice_is_refused_at_any_depth_and_in_any_spelling() {
        assert_eq!(problem(br#"{"a":1,"a":2}"#), ParseProblem::DuplicateKey("a".into()));
        assert_eq!(
            problem(br#"{"x":[{"a":1,"\u0061":2}]}"#),
            ParseProblem::DuplicateKey("a".into())
        );
        assert!(object(br#"{"a":{"a":1},"b":{"a":1},"A":1}"#).is_ok());
    }

    #[test]
    fn what_is_not_one_json_object_is_refused() {
        assert_eq!(problem(b""), ParseProblem::Empty);
        assert_eq!(problem(b" \n"), ParseProblem::Empty);
        assert_eq!(problem(b"[]"), ParseProblem::NotAnObject);
        assert_eq!(problem(b"\xef\xbb\xbf{}"), ParseProblem::ByteOrderMark);
        assert_eq!(problem(b"{\"a\":\"\xff\"}"), ParseProblem::NotUtf8(6));
        for text in [
            "{",
            "{\"a\":1",
            "{\"a\":1}x",
            "{\"a\":1}{}",
            "{'a':1}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":NaN}",
            "{\"a\":1,}",
        ] {
            assert!(matches!(problem(text.as_bytes()), ParseProblem::NotJson(_)), "{text}");
        }
    }

    #[test]
    fn size_depth_and_count_are_bounded() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(50_000), "]".repeat(50_000));
        assert!(matches!(problem(deep.as_bytes()), ParseProblem::NotJson(_)));
        let wide = format!("{{\"a\":[{}0]}}", "0,".repeat(1_000_000));
        assert_eq!(problem(wide.as_bytes()), ParseProblem::TooLarge);
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(crate::MAX_INPUT));
        assert_eq!(problem(long.as_bytes()), ParseProblem::TooLarge);
        let large = format!("{{\"a\":\"{}\"}}", "x".repeat(crate::MAX_INPUT - 8));
        assert!(object(large.as_bytes()).is_ok());
    }
}
