//! The common tree that every language is lowered to: what matters for effects, nothing of layout or types.
//! It is not a faithful program: what has no effect of its own becomes `Opaque` with its parts.

use std::collections::BTreeSet;
use std::rc::Rc;

/// Byte range in the source.
pub(crate) type Span = (u32, u32);
/// A name.
pub(crate) type Word = Rc<str>;

/// A whole source.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub body: Vec<Stmt>,
    pub functions: Vec<Rc<Function>>,
    pub classes: Vec<Rc<Class>>,
    /// Names that some function sets outside itself: their value can't be told from the order of the text.
    pub volatile: BTreeSet<Word>,
    /// Whether everything was understood.
    pub complete: bool,
}

/// Index into [`Program::functions`].
pub(crate) type FunctionId = usize;
/// Index into [`Program::classes`].
pub(crate) type ClassId = usize;

#[derive(Debug, Default)]
pub(crate) struct Function {
    pub parameters: Vec<Parameter>,
    pub body: Vec<Stmt>,
    /// Names that live in the function.
    pub locals: BTreeSet<Word>,
    /// Whether the first parameter is the instance it is called on (Python).
    pub takes_self: bool,
}

#[derive(Debug)]
pub(crate) struct Parameter {
    pub target: Target,
    pub name: Option<Word>,
    pub default: Option<Expr>,
    pub kind: ParameterKind,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ParameterKind {
    One,
    /// Takes all further arguments.
    Rest,
    /// Takes all further keywords.
    Keywords,
}

#[derive(Debug, Default)]
pub(crate) struct Class {
    pub bases: Vec<Expr>,
    pub body: Vec<Stmt>,
}

#[derive(Debug)]
pub(crate) enum Expr {
    /// `x = v` as an expression.
    Assign(Box<Target>, Box<Expr>),
    Attribute(Box<Expr>, Word, Span),
    Call(Box<Call>),
    Class(ClassId),
    /// A comprehension.
    Comprehension {
        clauses: Vec<(Target, Expr)>,
        conditions: Vec<Expr>,
        element: Box<Expr>,
    },
    /// Texts put together, or numbers added.
    Concat(Vec<Expr>),
    /// One of these.
    Either(Vec<Expr>),
    Function(FunctionId),
    /// `import(x)`.
    Import(Box<Expr>, Span),
    Index(Box<Expr>, Box<Expr>, Span),
    List(Vec<Expr>),
    /// A missing key is a spread.
    Map(Vec<(Option<Expr>, Expr)>),
    Name(Word, Span),
    Nothing,
    Number(i64),
    /// Not followed; its parts are.
    Opaque(Vec<Expr>),
    /// `text % values`.
    Percent(Box<Expr>, Box<Expr>),
    /// All of these, worth the last.
    Sequence(Vec<Expr>),
    /// `a / b`.
    Slash(Box<Expr>, Box<Expr>),
    Spread(Box<Expr>),
    Text(Word),
    This,
    Truth(bool),
    Yield(Box<Expr>),
}

impl Expr {
    /// What ends the program unless somebody catches it, and is shown then. The word is a keyword, so that no name of the
    /// text hides it.
    pub fn ends(keyword: &str, parts: Vec<Expr>, span: Span) -> Self {
        Self::Call(Box::new(Call {
            callee: Expr::Name(keyword.into(), span),
            arguments: parts,
            keywords: Vec::new(),
            span,
        }))
    }
}

#[derive(Debug)]
pub(crate) struct Call {
    pub callee: Expr,
    pub arguments: Vec<Expr>,
    /// A missing name is a spread.
    pub keywords: Vec<(Option<Word>, Expr)>,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) enum Target {
    Attribute(Expr, Word),
    Default(Box<Target>, Expr),
    Ignore,
    Index(Expr, Expr, Span),
    /// Fields by name, and what takes the rest.
    Keys(Vec<(Word, Target)>, Option<Box<Target>>),
    Name(Word),
    Rest(Box<Target>),
    Sequence(Vec<Target>),
}

#[derive(Debug)]
pub(crate) enum Stmt {
    Assign(Vec<Target>, Expr),

    /// A block whose own names end with it.
    Block(Vec<Stmt>, Vec<Word>),
    /// Exactly one of these runs, or, if not exhaustive, perhaps none.
    Branches {
        blocks: Vec<Vec<Stmt>>,
        exhaustive: bool,
    },
    Class(Word, ClassId, Vec<Expr>),
    Define(Word, FunctionId, Vec<Expr>),
    Expr(Expr),
    Import(Import),
    /// Runs any number of times; `assigned` is what its body sets.
    Loop {
        bind: Option<(Target, Expr)>,
        body: Vec<Stmt>,
        assigned: BTreeSet<Word>,
    },
    Return(Option<Expr>),
}

#[derive(Debug)]
pub(crate) struct Import {
    /// Dotted for Python, as written for JavaScript.
    pub module: Word,
    /// Dots in front (Python).
    pub relative: bool,
    pub bindings: Vec<Binding>,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) enum Binding {
    /// All public names.
    Everything,
    /// A member under a local name.
    Member { name: Word, local: Word },
    /// The module itself under a local name.
    Module {
        local: Word,
        /* `import a.b` binds `a` */ first_part: bool,
    },
}
