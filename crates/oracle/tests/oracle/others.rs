//! Other shell parsers, reduced to one question: which words stand at the head of commands, outside words? Not a judgement of them.

use brush_parser::ast as brush;
use placet_effects::syntax::tree::{Command, Compound, Item, Pipeline};
use shuck_ast as shuck;

/// The heads as written, in the order of the text; `None` if the parser does not take the script.
pub type Heads = Option<Vec<String>>;

/// Our own parser.
pub fn placet(script: &str) -> Heads {
    let tree = placet_effects::syntax::parse(script);
    let mut heads = Vec::new();
    if placet_effects::syntax::walk::has_opaque(&tree.items) {
        return None;
    }
    items(&tree.items, script, &mut heads);
    Some(heads)
}

fn items(list: &[Item], script: &str, heads: &mut Vec<String>) {
    for item in list {
        pipeline(&item.first, script, heads);
        for (_, next) in &item.rest {
            pipeline(next, script, heads);
        }
    }
}

fn pipeline(pipeline: &Pipeline, script: &str, heads: &mut Vec<String>) {
    for each in &pipeline.commands {
        command(each, script, heads);
    }
}

fn command(command_: &Command, script: &str, heads: &mut Vec<String>) {
    match command_ {
        Command::Simple(simple) => {
            heads.extend(
                simple
                    .words
                    .first()
                    .and_then(|word| word.span.of(script))
                    .map(str::to_owned),
            );
        }
        Command::Function { body, .. } => command(body, script, heads),
        Command::Opaque { .. } => {}
        Command::Compound { body, .. } => match body {
            Compound::Arithmetic(_) | Compound::Condition(_) => {}
            Compound::Case { arms, .. } => arms.iter().for_each(|(_, body)| items(body, script, heads)),
            Compound::For { body, .. }
            | Compound::ForArithmetic { body, .. }
            | Compound::Group(body)
            | Compound::Subshell(body) => items(body, script, heads),
            Compound::If { arms, otherwise } => {
                for (condition, body) in arms {
                    items(condition, script, heads);
                    items(body, script, heads);
                }
                items(otherwise.as_deref().unwrap_or_default(), script, heads);
            }
            Compound::While { condition, body, .. } => {
                items(condition, script, heads);
                items(body, script, heads);
            }
        },
    }
}

/// brush-parser. Its time doubles with each open parenthesis, and some here-documents make it allocate without end: such
/// scripts are not put to it.
pub fn brush(script: &str) -> Heads {
    let parentheses = script.matches('(').count();
    let digits = script.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
    if parentheses > 10 || script.len() > 2000 || digits > Some(9) || script.contains("<<") && script.contains("$[") {
        return None;
    }
    let options = brush_parser::ParserOptions {
        enable_extended_globbing: false,
        ..brush_parser::ParserOptions::default()
    };
    let program = brush_parser::Parser::new(script.as_bytes(), &options)
        .parse_program()
        .ok()?;
    let mut heads = Vec::new();
    program
        .complete_commands
        .iter()
        .for_each(|list| brush_list(list, &mut heads));
    Some(heads)
}

fn brush_list(list: &brush::CompoundList, heads: &mut Vec<String>) {
    for brush::CompoundListItem(item, _) in &list.0 {
        brush_pipeline(&item.first, heads);
        for next in &item.additional {
            let (brush::AndOr::And(pipeline) | brush::AndOr::Or(pipeline)) = next;
            brush_pipeline(pipeline, heads);
        }
    }
}

fn brush_pipeline(pipeline: &brush::Pipeline, heads: &mut Vec<String>) {
    for command in &pipeline.seq {
        match command {
            brush::Command::Simple(simple) => heads.extend(simple.word_or_name.iter().map(|word| word.value.clone())),
            brush::Command::Compound(compound, _) => brush_compound(compound, heads),
            brush::Command::Function(function) => brush_compound(&function.body.0, heads),
            brush::Command::ExtendedTest(..) => {}
        }
    }
}

fn brush_compound(compound: &brush::CompoundCommand, heads: &mut Vec<String>) {
    use brush::CompoundCommand as Kind;
    match compound {
        Kind::Arithmetic(_) | Kind::Coprocess(_) => {}
        Kind::ArithmeticForClause(this) => brush_list(&this.body.list, heads),
        Kind::BraceGroup(this) => brush_list(&this.list, heads),
        Kind::Subshell(this) => brush_list(&this.list, heads),
        Kind::ForClause(this) => brush_list(&this.body.list, heads),
        Kind::CaseClause(this) => {
            this.cases
                .iter()
                .filter_map(|case| case.cmd.as_ref())
                .for_each(|body| brush_list(body, heads));
        }
        Kind::IfClause(this) => {
            brush_list(&this.condition, heads);
            brush_list(&this.then, heads);
            for otherwise in this.elses.iter().flatten() {
                otherwise
                    .condition
                    .iter()
                    .for_each(|condition| brush_list(condition, heads));
                brush_list(&otherwise.body, heads);
            }
        }
        Kind::WhileClause(this) | Kind::UntilClause(this) => {
            brush_list(&this.0, heads);
            brush_list(&this.1.list, heads);
        }
    }
}

/// shuck-parser.
pub fn shuck(script: &str) -> Heads {
    let result = shuck_parser::parser::Parser::new(script).parse();
    if !matches!(result.status, shuck_parser::parser::ParseStatus::Clean) {
        return None;
    }
    let mut heads = Vec::new();
    shuck_list(&result.file.body, script, &mut heads);
    Some(heads)
}

fn shuck_list(list: &shuck::StmtSeq, script: &str, heads: &mut Vec<String>) {
    list.stmts
        .iter()
        .for_each(|statement| shuck_statement(statement, script, heads));
}

fn shuck_statement(statement: &shuck::Stmt, script: &str, heads: &mut Vec<String>) {
    match &statement.command {
        shuck::Command::Simple(simple) => {
            let head = simple.name.span.slice(script);
            heads.extend((!head.is_empty()).then(|| head.to_owned()));
        }
        shuck::Command::Builtin(builtin) => heads.push(
            match builtin {
                shuck::BuiltinCommand::Break(_) => "break",
                shuck::BuiltinCommand::Continue(_) => "continue",
                shuck::BuiltinCommand::Return(_) => "return",
                shuck::BuiltinCommand::Exit(_) => "exit",
            }
            .to_owned(),
        ),
        shuck::Command::Decl(declaration) => heads.push(declaration.variant_span.slice(script).to_owned()),
        shuck::Command::Binary(binary) => {
            shuck_statement(&binary.left, script, heads);
            shuck_statement(&binary.right, script, heads);
        }
        shuck::Command::Function(function) => shuck_statement(&function.body, script, heads),
        shuck::Command::AnonymousFunction(function) => shuck_statement(&function.body, script, heads),
        shuck::Command::Compound(compound) => shuck_compound(compound, script, heads),
    }
}

fn shuck_compound(compound: &shuck::CompoundCommand, script: &str, heads: &mut Vec<String>) {
    use shuck::CompoundCommand as Kind;
    let mut list = |list: &shuck::StmtSeq| shuck_list(list, script, heads);
    match compound {
        Kind::If(this) => {
            list(&this.condition);
            list(&this.then_branch);
            for (condition, body) in &this.elif_branches {
                list(condition);
                list(body);
            }
            this.else_branch.iter().for_each(list);
        }
        Kind::For(this) => list(&this.body),
        Kind::Repeat(this) => list(&this.body),
        Kind::Foreach(this) => list(&this.body),
        Kind::ArithmeticFor(this) => list(&this.body),
        Kind::While(this) => {
            list(&this.condition);
            list(&this.body);
        }
        Kind::Until(this) => {
            list(&this.condition);
            list(&this.body);
        }
        Kind::Case(this) => this.cases.iter().for_each(|case| list(&case.body)),
        Kind::Select(this) => list(&this.body),
        Kind::Subshell(body) | Kind::BraceGroup(body) => list(body),
        Kind::Arithmetic(_) | Kind::Conditional(_) => {}
        Kind::Time(this) => this
            .command
            .iter()
            .for_each(|command| shuck_statement(command, script, heads)),
        Kind::Coproc(this) => shuck_statement(&this.body, script, heads),
        Kind::Always(this) => {
            list(&this.body);
            list(&this.always_body);
        }
    }
}

/// tree-sitter-bash.
pub fn tree_sitter(script: &str) -> Heads {
    let mut parser = tree_sitter::Parser::new();
    parser
        .set_language(&tree_sitter_bash::LANGUAGE.into())
        .expect("the grammar fits the library");
    let tree = parser.parse(script, None)?;
    if tree.root_node().has_error() {
        return None;
    }
    let mut heads = Vec::new();
    tree_sitter_node(tree.root_node(), script, &mut heads);
    Some(heads)
}

fn tree_sitter_node(node: tree_sitter::Node, script: &str, heads: &mut Vec<String>) {
    let text = |node: tree_sitter::Node| script.get(node.byte_range()).unwrap_or_default().to_owned();
    match node.kind() {
        "command" => heads.extend(node.child_by_field_name("name").map(text)),
        "declaration_command" | "unset_command" => heads.extend(node.child(0).map(text)),
        "test_command" if script[node.start_byte()..].starts_with("[ ") => heads.push("[".to_owned()),
        "test_command" | "command_substitution" | "process_substitution" | "heredoc_body" | "string" | "expansion" => {}
        "concatenation" | "variable_assignment" | "file_redirect" | "herestring_redirect" => {}
        _ => {
            let mut cursor = node.walk();
            for child in node.children(&mut cursor) {
                tree_sitter_node(child, script, heads);
            }
        }
    }
}
