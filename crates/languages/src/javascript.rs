//! JavaScript and TypeScript source to the common tree. Knows their syntax, not what any module does.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's inherited variants are reached by its accessors"
)]

mod binding;
mod expression;

use std::collections::BTreeSet;
use std::rc::Rc;

use oxc_allocator::Allocator;
use oxc_ast::ast as js;
use oxc_parser::{ParseOptions, Parser};
use oxc_span::SourceType;

use crate::Language;
use crate::bounds::TREE_DEPTH;
use crate::tree::{
    Binding, Class, Expr, Function, Import, Parameter, ParameterKind, Program, Span, Stmt, Target, Word,
};

/// Reads a module or a script. Text that is neither leaves the program incomplete.
pub(crate) fn read(source: &str, language: Language, first_function: usize, first_class: usize) -> Program {
    let kinds = match language {
        Language::TypeScript => [SourceType::ts(), SourceType::tsx()],
        Language::JavaScript | Language::Perl | Language::Python | Language::Ruby => {
            [SourceType::mjs().with_jsx(true), SourceType::cjs().with_jsx(true)]
        }
    };
    let allocator = Allocator::default();
    let options = ParseOptions {
        allow_return_outside_function: true,
        preserve_parens: false,
        ..ParseOptions::default()
    };
    let mut last = None;
    for kind in kinds {
        let parsed = Parser::new(&allocator, source, kind).with_options(options).parse();
        let clean = !parsed.panicked && parsed.diagnostics.is_empty();
        last = Some((parsed.program, clean));
        if clean {
            break;
        }
    }
    let Some((program, clean)) = last else {
        return Program::default();
    };
    let mut lower = Lower {
        first_function,
        first_class,
        ..Lower::default()
    };
    lower.program.complete = clean;
    lower.open_region(true);
    let body = lower.block(&program.body);
    lower.close_region();
    lower.program.body = body;
    lower.program
}

#[derive(Default)]
struct Lower {
    /// The ids given to the first function and class.
    first_function: usize,
    first_class: usize,
    program: Program,
    regions: Vec<Region>,
    depth: usize,
}

/// A function, a loop or the module, with the names set and declared in it.
#[derive(Default)]
struct Region {
    function: bool,
    assigned: BTreeSet<Word>,
    declared: BTreeSet<Word>,
}

impl Lower {
    fn open_region(&mut self, function: bool) {
        self.regions.push(Region {
            function,
            ..Region::default()
        });
    }

    fn close_region(&mut self) -> Region {
        self.regions.pop().unwrap_or_default()
    }

    /// Notes that a name is set here, for the loops around and the function.
    fn assigns(&mut self, name: &str) -> Word {
        let name: Word = Rc::from(name);
        for region in self.regions.iter_mut().rev() {
            region.assigned.insert(Rc::clone(&name));
            if region.function {
                break;
            }
        }
        name
    }

    /// Notes that a name lives in the present function, and is set.
    fn declares(&mut self, name: &str) -> Word {
        let word = self.assigns(name);
        if let Some(region) = self.regions.iter_mut().rev().find(|r| r.function) {
            region.declared.insert(Rc::clone(&word));
        }
        word
    }

    /// Notes that the thing under a name is changed in place, for the loops around.
    fn mutates(&mut self, name: &str) {
        for region in self.regions.iter_mut().rev().take_while(|r| !r.function) {
            region.assigned.insert(Rc::from(name));
        }
    }

    fn deeper<R>(&mut self, otherwise: R, work: impl FnOnce(&mut Self) -> R) -> R {
        if self.depth >= TREE_DEPTH {
            self.program.complete = false;
            return otherwise;
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        result
    }

    fn block(&mut self, body: &[js::Statement<'_>]) -> Vec<Stmt> {
        self.deeper(Vec::new(), |lower| {
            let mut out = Vec::with_capacity(body.len());
            // Functions are there before the first statement runs.
            for stmt in body {
                if let Some(function) = declared_function(stmt) {
                    lower.define(function, &mut out);
                }
            }
            for stmt in body {
                lower.statement(stmt, &mut out);
            }
            out
        })
    }

    /// A block with names of its own.
    fn scope(&mut self, body: &[js::Statement<'_>], out: &mut Vec<Stmt>) {
        let mut own = Vec::new();
        for stmt in body {
            if let js::Statement::VariableDeclaration(declaration) = stmt
                && declaration.kind != js::VariableDeclarationKind::Var
            {
                declaration
                    .declarations
                    .iter()
                    .for_each(|d| binding::names(&d.id, &mut own, 0));
            }
        }
        let body = self.block(body);
        out.push(Stmt::Block(body, own));
    }

    fn one(&mut self, stmt: &js::Statement<'_>) -> Vec<Stmt> {
        self.deeper(Vec::new(), |lower| {
            let mut out = Vec::new();
            lower.statement(stmt, &mut out);
            out
        })
    }

    fn define(&mut self, function: &js::Function<'_>, out: &mut Vec<Stmt>) {
        let Some(id) = &function.id else { return };
        let name = self.declares(&id.name);
        let function = self.function(
            &function.params,
            function.body.as_deref().map(|b| b.statements.as_slice()),
            None,
        );
        out.push(Stmt::Define(name, function, Vec::new()));
    }

    fn statement(&mut self, stmt: &js::Statement<'_>, out: &mut Vec<Stmt>) {
        match stmt {
            js::Statement::BlockStatement(b) => self.deeper((), |l| l.scope(&b.body, out)),
            js::Statement::BreakStatement(_)
            | js::Statement::ContinueStatement(_)
            | js::Statement::DebuggerStatement(_)
            | js::Statement::EmptyStatement(_) => {}
            js::Statement::DoWhileStatement(w) => self.repeat(Some(&w.test), None, &w.body, out),
            js::Statement::WhileStatement(w) => self.repeat(Some(&w.test), None, &w.body, out),
            js::Statement::ForStatement(f) => {
                match &f.init {
                    Some(js::ForStatementInit::VariableDeclaration(v)) => self.variables(v, out),
                    Some(init) => out.extend(init.as_expression().map(|e| Stmt::Expr(self.expression(e)))),
                    None => {}
                }
                self.repeat(f.test.as_ref(), f.update.as_ref(), &f.body, out);
            }
            js::Statement::ForInStatement(f) => self.each(&f.left, &f.right, &f.body, out),
            js::Statement::ForOfStatement(f) => self.each(&f.left, &f.right, &f.body, out),
            js::Statement::ExpressionStatement(e) => out.push(Stmt::Expr(self.expression(&e.expression))),
            js::Statement::IfStatement(i) => {
                out.push(Stmt::Expr(self.expression(&i.test)));
                let mut blocks = vec![self.one(&i.consequent)];
                blocks.extend(i.alternate.as_ref().map(|a| self.one(a)));
                let exhaustive = blocks.len() == 2;
                out.push(Stmt::Branches { blocks, exhaustive });
            }
            js::Statement::LabeledStatement(l) => out.extend(self.one(&l.body)),
            js::Statement::ReturnStatement(r) => {
                out.push(Stmt::Return(r.argument.as_ref().map(|a| self.expression(a))));
            }
            js::Statement::SwitchStatement(s) => {
                out.push(Stmt::Expr(self.expression(&s.discriminant)));
                // A case may fall through to the next, so each may or may not run, in order.
                for case in &s.cases {
                    let mut block: Vec<Stmt> = case.test.iter().map(|t| Stmt::Expr(self.expression(t))).collect();
                    block.extend(self.block(&case.consequent));
                    out.push(Stmt::Branches {
                        blocks: vec![block],
                        exhaustive: false,
                    });
                }
            }
            js::Statement::ThrowStatement(t) => {
                let parts = vec![self.expression(&t.argument)];
                out.push(Stmt::Expr(Expr::ends("throw", parts, span(t.span))));
            }
            js::Statement::TryStatement(t) => {
                let mut block = Vec::new();
                self.scope(&t.block.body, &mut block);
                out.push(Stmt::Branches {
                    blocks: vec![block],
                    exhaustive: false,
                });
                if let Some(handler) = &t.handler {
                    let mut block = Vec::new();
                    if let Some(parameter) = &handler.param {
                        let target = self.binding(&parameter.pattern);
                        block.push(Stmt::Assign(vec![target], Expr::Opaque(Vec::new())));
                    }
                    self.scope(&handler.body.body, &mut block);
                    out.push(Stmt::Branches {
                        blocks: vec![block],
                        exhaustive: false,
                    });
                }
                if let Some(last) = &t.finalizer {
                    self.scope(&last.body, out);
                }
            }
            // Every name in it may be a field of the object.
            js::Statement::WithStatement(w) => {
                self.program.complete = false;
                out.push(Stmt::Expr(self.expression(&w.object)));
                out.extend(self.one(&w.body));
            }
            other => {
                if let Some(declaration) = other.as_declaration() {
                    self.declaration(declaration, out);
                } else if let Some(module) = other.as_module_declaration() {
                    self.module(module, out);
                } else {
                    self.program.complete = false;
                }
            }
        }
    }

    fn repeat(
        &mut self,
        test: Option<&js::Expression<'_>>,
        update: Option<&js::Expression<'_>>,
        body: &js::Statement<'_>,
        out: &mut Vec<Stmt>,
    ) {
        self.open_region(false);
        let mut block: Vec<Stmt> = test.map(|t| Stmt::Expr(self.expression(t))).into_iter().collect();
        block.extend(self.one(body));
        block.extend(update.map(|u| Stmt::Expr(self.expression(u))));
        let assigned = self.close_loop();
        out.push(Stmt::Loop {
            bind: None,
            body: block,
            assigned,
        });
    }

    fn each(
        &mut self,
        left: &js::ForStatementLeft<'_>,
        right: &js::Expression<'_>,
        body: &js::Statement<'_>,
        out: &mut Vec<Stmt>,
    ) {
        let over = self.expression(right);
        self.open_region(false);
        let target = match left {
            js::ForStatementLeft::VariableDeclaration(v) => {
                v.declarations.first().map_or(Target::Ignore, |d| self.binding(&d.id))
            }
            other => other.as_assignment_target().map_or(Target::Ignore, |t| self.target(t)),
        };
        let body = self.one(body);
        let assigned = self.close_loop();
        out.push(Stmt::Loop {
            bind: Some((target, over)),
            body,
            assigned,
        });
    }

    fn close_loop(&mut self) -> BTreeSet<Word> {
        self.close_region().assigned
    }

    fn declaration(&mut self, declaration: &js::Declaration<'_>, out: &mut Vec<Stmt>) {
        match declaration {
            js::Declaration::VariableDeclaration(v) => self.variables(v, out),
            // Defined at the start of the block.
            js::Declaration::FunctionDeclaration(_)
            | js::Declaration::TSTypeAliasDeclaration(_)
            | js::Declaration::TSInterfaceDeclaration(_)
            | js::Declaration::TSExternalModuleDeclaration(_)
            | js::Declaration::TSGlobalDeclaration(_) => {}
            js::Declaration::ClassDeclaration(c) => {
                let (id, decorators) = self.class(c);
                match &c.id {
                    Some(name) => out.push(Stmt::Class(self.declares(&name.name), id, decorators)),
                    None => out.push(Stmt::Expr(Expr::Class(id))),
                }
            }
            js::Declaration::TSEnumDeclaration(e) => {
                let parts = e.body.members.iter().filter_map(|m| m.initializer.as_ref());
                let parts = parts.map(|i| self.expression(i)).collect();
                let name = self.declares(&e.id.name);
                out.push(Stmt::Assign(vec![Target::Name(name)], Expr::Opaque(parts)));
            }
            js::Declaration::TSNamespaceDeclaration(n) => {
                if !n.declare {
                    self.declares(&n.id.name);
                    match &n.body {
                        js::TSNamespaceDeclarationBody::TSModuleBlock(b) => out.extend(self.block(&b.body)),
                        js::TSNamespaceDeclarationBody::TSNamespaceDeclaration(_) => self.program.complete = false,
                    }
                }
            }
            js::Declaration::TSImportEqualsDeclaration(i) => {
                let local = self.declares(&i.id.name);
                match &i.module_reference {
                    js::TSModuleReference::ExternalModuleReference(r) => out.push(Stmt::Import(Import {
                        module: r.expression.value.as_str().into(),
                        relative: false,
                        bindings: vec![Binding::Module {
                            local,
                            first_part: false,
                        }],
                        span: span(i.span),
                    })),
                    js::TSModuleReference::IdentifierReference(_) | js::TSModuleReference::QualifiedName(_) => {
                        out.push(Stmt::Assign(vec![Target::Name(local)], Expr::Opaque(Vec::new())));
                    }
                }
            }
        }
    }

    fn variables(&mut self, declaration: &js::VariableDeclaration<'_>, out: &mut Vec<Stmt>) {
        for one in &declaration.declarations {
            let target = self.binding(&one.id);
            let value = match &one.init {
                Some(init) => self.expression(init),
                None => Expr::Nothing,
            };
            out.push(Stmt::Assign(vec![target], value));
        }
    }

    fn module(&mut self, module: &js::ModuleDeclaration<'_>, out: &mut Vec<Stmt>) {
        match module {
            js::ModuleDeclaration::ImportDeclaration(i) => {
                // Types are gone when the code runs.
                if i.import_kind == js::ImportOrExportKind::Type {
                    return;
                }
                let mut bindings = Vec::new();
                for specifier in i.specifiers.iter().flatten() {
                    bindings.push(match specifier {
                        js::ImportDeclarationSpecifier::ImportSpecifier(s) => Binding::Member {
                            name: s.imported.name().as_str().into(),
                            local: self.declares(&s.local.name),
                        },
                        js::ImportDeclarationSpecifier::ImportDefaultSpecifier(s) => Binding::Module {
                            local: self.declares(&s.local.name),
                            first_part: false,
                        },
                        js::ImportDeclarationSpecifier::ImportNamespaceSpecifier(s) => Binding::Module {
                            local: self.declares(&s.local.name),
                            first_part: false,
                        },
                    });
                }
                self.import(&i.source, bindings, i.span, out);
            }
            js::ModuleDeclaration::ExportAllDeclaration(e) => self.import(&e.source, Vec::new(), e.span, out),
            js::ModuleDeclaration::ExportFromDeclaration(e) => self.import(&e.source, Vec::new(), e.span, out),
            js::ModuleDeclaration::ExportDeclaration(e) => self.declaration(&e.declaration, out),
            js::ModuleDeclaration::ExportDefaultDeclaration(e) => match &e.declaration {
                js::ExportDefaultDeclarationKind::FunctionDeclaration(f) => {
                    if f.id.is_none() {
                        let body = f.body.as_deref().map(|b| b.statements.as_slice());
                        let id = self.function(&f.params, body, None);
                        out.push(Stmt::Expr(Expr::Function(id)));
                    }
                }
                js::ExportDefaultDeclarationKind::ClassDeclaration(c) => {
                    let (id, decorators) = self.class(c);
                    match &c.id {
                        Some(name) => out.push(Stmt::Class(self.declares(&name.name), id, decorators)),
                        None => out.push(Stmt::Expr(Expr::Class(id))),
                    }
                }
                js::ExportDefaultDeclarationKind::TSInterfaceDeclaration(_) => {}
                other => out.extend(other.as_expression().map(|e| Stmt::Expr(self.expression(e)))),
            },
            js::ModuleDeclaration::TSExportAssignment(e) => out.push(Stmt::Expr(self.expression(&e.expression))),
            js::ModuleDeclaration::ExportNamedDeclaration(_)
            | js::ModuleDeclaration::TSNamespaceExportDeclaration(_) => {}
        }
    }

    fn import(
        &mut self,
        source: &js::StringLiteral<'_>,
        bindings: Vec<Binding>,
        at: oxc_span::Span,
        out: &mut Vec<Stmt>,
    ) {
        let module = source.value.as_str().into();
        out.push(Stmt::Import(Import {
            module,
            relative: false,
            bindings,
            span: span(at),
        }));
    }

    /// A function from its parameters and its statements, or the expression that an arrow gives.
    fn function(
        &mut self,
        parameters: &js::FormalParameters<'_>,
        body: Option<&[js::Statement<'_>]>,
        gives: Option<&js::Expression<'_>>,
    ) -> usize {
        self.open_region(true);
        let mut lowered = Vec::new();
        for parameter in &parameters.items {
            let default = parameter.initializer.as_ref().map(|d| self.expression(d));
            let target = self.binding(&parameter.pattern);
            let name = match &target {
                Target::Name(name) => Some(Rc::clone(name)),
                _ => None,
            };
            lowered.push(Parameter {
                target,
                name,
                default,
                kind: ParameterKind::One,
            });
        }
        if let Some(rest) = &parameters.rest {
            let target = self.binding(&rest.rest.argument);
            lowered.push(Parameter {
                target,
                name: None,
                default: None,
                kind: ParameterKind::Rest,
            });
        }
        self.declares("arguments");
        let mut out = body.map(|b| self.block(b)).unwrap_or_default();
        out.extend(gives.map(|e| Stmt::Return(Some(self.expression(e)))));
        let region = self.close_region();
        // What is set here and lives outside can change whenever the function is called.
        let outside: Vec<Word> = region.assigned.difference(&region.declared).cloned().collect();
        self.program.volatile.extend(outside);
        let id = self.first_function + self.program.functions.len();
        self.program.functions.push(Rc::new(Function {
            parameters: lowered,
            body: out,
            locals: region.declared,
            takes_self: false,
        }));
        id
    }

    fn class(&mut self, class: &js::Class<'_>) -> (usize, Vec<Expr>) {
        let decorators = class
            .decorators
            .iter()
            .map(|d| self.expression(&d.expression))
            .collect();
        let bases = class.heritage.iter().map(|h| self.expression(&h.expression)).collect();
        self.open_region(true);
        let mut body = Vec::new();
        for element in &class.body.body {
            match element {
                js::ClassElement::StaticBlock(b) => body.extend(self.block(&b.body)),
                js::ClassElement::MethodDefinition(m) => {
                    let statements = m.value.body.as_deref().map(|b| b.statements.as_slice());
                    let id = self.function(&m.value.params, statements, None);
                    match self.key(&m.key) {
                        Ok(name) => body.push(Stmt::Define(self.declares(&name), id, Vec::new())),
                        Err(key) => body.extend([Stmt::Expr(key), Stmt::Expr(Expr::Function(id))]),
                    }
                }
                js::ClassElement::PropertyDefinition(p) => {
                    self.property(&p.key, p.value.as_ref(), &mut body);
                }
                js::ClassElement::AccessorProperty(p) => self.property(&p.key, p.value.as_ref(), &mut body),
                js::ClassElement::TSIndexSignature(_) => {}
            }
        }
        self.close_region();
        let id = self.first_class + self.program.classes.len();
        self.program.classes.push(Rc::new(Class { bases, body }));
        (id, decorators)
    }

    fn property(&mut self, key: &js::PropertyKey<'_>, value: Option<&js::Expression<'_>>, body: &mut Vec<Stmt>) {
        let value = value.map_or(Expr::Nothing, |v| self.expression(v));
        match self.key(key) {
            Ok(name) => {
                let name = self.declares(&name);
                body.push(Stmt::Assign(vec![Target::Name(name)], value));
            }
            Err(key) => body.extend([Stmt::Expr(key), Stmt::Expr(value)]),
        }
    }

    /// The name of a key, or the expression that makes it.
    fn key(&mut self, key: &js::PropertyKey<'_>) -> Result<String, Expr> {
        if let js::PropertyKey::PrivateIdentifier(p) = key {
            return Ok(format!("#{}", p.name));
        }
        match key.static_name() {
            Some(name) => Ok(name.into_owned()),
            None => Err(key.as_expression().map_or(Expr::Nothing, |e| self.expression(e))),
        }
    }
}

fn declared_function<'a, 'b>(stmt: &'b js::Statement<'a>) -> Option<&'b js::Function<'a>> {
    match stmt {
        js::Statement::FunctionDeclaration(f) => Some(f),
        js::Statement::ExportDeclaration(e) => match &e.declaration {
            js::Declaration::FunctionDeclaration(f) => Some(f),
            _ => None,
        },
        js::Statement::ExportDefaultDeclaration(e) => match &e.declaration {
            js::ExportDefaultDeclarationKind::FunctionDeclaration(f) => Some(f),
            _ => None,
        },
        _ => None,
    }
}

fn span(span: oxc_span::Span) -> Span {
    (span.start, span.end)
}
