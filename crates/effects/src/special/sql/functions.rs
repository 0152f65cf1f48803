//! What functions called in a statement reach outside the database, and which ones are known to only compute.

use super::statement::Act;
use super::tokens::{Dialect, Token};

/// What calling the function does, with the tokens after its opening parenthesis. `None`: it only computes.
pub(super) fn call(name: &str, arguments: &[Token], dialect: Dialect) -> Option<Act> {
    let first = || text_at(arguments, 0);
    let second = || text_at(arguments, 1);
    Some(match name {
        "pg_read_file"
        | "pg_read_binary_file"
        | "load_file"
        | "readfile"
        | "lo_import"
        | "lo_from_file"
        | "file"
        | "read_csv"
        | "read_csv_auto"
        | "read_json"
        | "read_json_auto"
        | "read_json_objects"
        | "read_ndjson"
        | "read_ndjson_auto"
        | "read_parquet"
        | "parquet_scan"
        | "parquet_metadata"
        | "parquet_schema"
        | "read_text"
        | "read_blob"
        | "read_xlsx"
        | "sniff_csv"
        | "csv_scan"
        | "sqlite_scan"
        | "st_read"
        | "iceberg_scan"
        | "delta_scan"
        | "bfilename" => Act::Read(first()),
        "pg_ls_dir" | "pg_stat_file" | "pg_ls_logdir" | "pg_ls_waldir" | "pg_ls_tmpdir" | "fsdir" | "glob"
        | "xp_dirtree" => Act::List(first()),
        "lo_export" => Act::Write(second()),
        "writefile" | "pg_file_write" | "sqlite3_backup" => Act::Write(first()),
        "pg_file_unlink" => Act::Delete(first()),
        "pg_file_rename" => Act::Write(second()),
        "url" | "s3" | "remote" | "remotesecure" | "hdfs" | "mongodb" | "redis" | "postgresql" | "mysql" | "jdbc"
        | "odbc" | "http_get" | "http_post" | "utl_http" | "gcs" | "azureblobstorage" | "urlcluster" | "s3cluster"
            if !matches!(dialect, Dialect::Sqlite) =>
        {
            Act::Fetch(first())
        }
        "load_extension"
        | "sys_exec"
        | "sys_eval"
        | "sys_get"
        | "edit"
        | "executable"
        | "fts3_tokenizer"
        | "shell_read"
        | "xp_cmdshell"
        | "sp_oacreate"
        | "sp_oamethod"
        | "sp_execute_external_script" => Act::Opaque("a database function that runs programs or loads code"),
        "query_to_xml"
        | "query_to_xmlschema"
        | "query_to_xml_and_xmlschema"
        | "cursor_to_xml"
        | "ts_stat"
        | "ts_rewrite"
        | "crosstab"
        | "crosstabn"
        | "connectby"
        | "openrowset"
        | "openquery"
        | "opendatasource"
        | "query"
        | "query_table"
        | "xmlquery"
        | "eval" => Act::Opaque("a database function that runs a statement given as text, or on another server"),
        name if name.starts_with("dblink") || name.starts_with("cron.") || name.starts_with("pg_read_") => {
            Act::Opaque("a database function that reaches outside the database")
        }
        // SQLite and DuckDB have no procedures of their own: what is not in this list computes.
        _ if matches!(dialect, Dialect::Sqlite | Dialect::DuckDb) => return None,
        name if computes(name) => return None,
        _ => Act::Changes,
    })
}

/// The argument with this number, if it is one string.
fn text_at(tokens: &[Token], wanted: usize) -> Option<String> {
    let mut depth = 0u32;
    let mut current = 0usize;
    let mut found: Option<&str> = None;
    let mut count = 0usize;
    for token in tokens {
        match token {
            Token::Sign('(' | '[' | '{') => depth += 1,
            Token::Sign(')' | ']' | '}') if depth == 0 => break,
            Token::Sign(')' | ']' | '}') => depth -= 1,
            Token::Sign(',') if depth == 0 => {
                current += 1;
                continue;
            }
            Token::Text(text) if depth == 0 && current == wanted => found = Some(text),
            Token::Word(_) | Token::Name(_) | Token::Text(_) | Token::Number(_) | Token::Sign(_) => {}
        }
        if current == wanted {
            count += 1;
        }
    }
    (count == 1).then_some(found).flatten().map(str::to_owned)
}

/// Functions of the servers that only compute or look up; any other may be a procedure that changes something.
fn computes(name: &str) -> bool {
    COMPUTES.binary_search(&name).is_ok()
        || name.ends_with("_size")
        || [
            "array_",
            "jsonb_",
            "json_",
            "regexp_",
            "string_",
            "date_",
            "st_",
            "has_",
            "pg_get_",
            "pg_stat_get_",
            "pg_is_",
            "is",
            "to",
            "str",
            "array",
            "group",
            "any",
            "count",
            "sum",
            "avg",
            "uniq",
            "quantile",
            "char",
        ]
        .iter()
        .any(|prefix| name.starts_with(prefix) && !name.contains("exec") && !name.starts_with("json_to_file"))
}

/// Sorted.
const COMPUTES: &[&str] = &[
    "abs",
    "acos",
    "age",
    "all",
    "and",
    "as",
    "ascii",
    "asin",
    "atan",
    "between",
    "bigint",
    "bit_and",
    "bit_length",
    "bit_or",
    "bool_and",
    "bool_or",
    "btrim",
    "by",
    "cardinality",
    "case",
    "cast",
    "cbrt",
    "ceil",
    "ceiling",
    "char_length",
    "check",
    "coalesce",
    "col_description",
    "concat",
    "concat_ws",
    "convert",
    "cos",
    "cume_dist",
    "curdate",
    "current_database",
    "current_date",
    "current_schema",
    "current_schemas",
    "current_setting",
    "current_time",
    "current_timestamp",
    "current_user",
    "curtime",
    "database",
    "datalength",
    "date",
    "dateadd",
    "datediff",
    "datename",
    "datepart",
    "datetime",
    "day",
    "dayname",
    "dayofmonth",
    "dayofweek",
    "dayofyear",
    "decimal",
    "decode",
    "degrees",
    "dense_rank",
    "distinct",
    "div",
    "else",
    "elt",
    "encode",
    "end",
    "every",
    "except",
    "exists",
    "exp",
    "extract",
    "fetch",
    "field",
    "filter",
    "find_in_set",
    "first_value",
    "floor",
    "foreign",
    "format",
    "format_type",
    "found_rows",
    "from",
    "from_unixtime",
    "generate_series",
    "generate_subscripts",
    "getdate",
    "greatest",
    "grouping",
    "having",
    "hex",
    "hour",
    "if",
    "ifnull",
    "iif",
    "in",
    "index",
    "inet_client_addr",
    "inet_server_addr",
    "inet_server_port",
    "initcap",
    "instr",
    "int",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "key",
    "lag",
    "last_day",
    "last_insert_id",
    "last_value",
    "lateral",
    "lcase",
    "lead",
    "least",
    "left",
    "len",
    "length",
    "like",
    "limit",
    "ln",
    "localtime",
    "localtimestamp",
    "locate",
    "log",
    "log10",
    "log2",
    "lower",
    "lpad",
    "ltrim",
    "make_date",
    "make_interval",
    "make_timestamp",
    "masklen",
    "materialized",
    "max",
    "md5",
    "mid",
    "min",
    "minute",
    "mod",
    "mode",
    "month",
    "monthname",
    "network",
    "not",
    "now",
    "nowait",
    "nth_value",
    "ntile",
    "nullif",
    "numeric",
    "obj_description",
    "object_id",
    "octet_length",
    "offset",
    "on",
    "or",
    "order",
    "over",
    "overlay",
    "partition",
    "percent_rank",
    "percentile_cont",
    "percentile_disc",
    "pg_backend_pid",
    "pg_conf_load_time",
    "pg_current_wal_lsn",
    "pg_encoding_to_char",
    "pg_last_wal_receive_lsn",
    "pg_last_wal_replay_lsn",
    "pg_last_xact_replay_timestamp",
    "pg_postmaster_start_time",
    "pg_size_pretty",
    "pg_table_is_visible",
    "pg_typeof",
    "pg_wal_lsn_diff",
    "pi",
    "position",
    "pow",
    "power",
    "primary",
    "quarter",
    "quote_ident",
    "quote_literal",
    "radians",
    "rand",
    "random",
    "rank",
    "recursive",
    "references",
    "repeat",
    "replace",
    "returning",
    "reverse",
    "right",
    "round",
    "row",
    "row_number",
    "row_to_json",
    "rpad",
    "rtrim",
    "schema",
    "second",
    "select",
    "session_user",
    "set",
    "sha1",
    "sha2",
    "sha256",
    "shobj_description",
    "sign",
    "sin",
    "some",
    "soundex",
    "space",
    "split_part",
    "sqrt",
    "starts_with",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "stuff",
    "subdate",
    "substr",
    "substring",
    "substring_index",
    "table",
    "tan",
    "then",
    "time",
    "timediff",
    "timestamp",
    "timestampdiff",
    "timezone",
    "to_char",
    "translate",
    "trim",
    "trunc",
    "truncate",
    "txid_current",
    "ucase",
    "unhex",
    "union",
    "unique",
    "unix_timestamp",
    "unnest",
    "upper",
    "user",
    "using",
    "uuid",
    "values",
    "var_pop",
    "var_samp",
    "varchar",
    "variance",
    "version",
    "week",
    "weekday",
    "when",
    "where",
    "width_bucket",
    "with",
    "within",
    "xmlagg",
    "year",
];

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_is_sorted() {
        assert!(super::COMPUTES.is_sorted());
    }
}
