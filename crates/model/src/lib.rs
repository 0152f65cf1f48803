//! The words of Placet: event, action, resource, effect, decision, record, answer, and the ports by which the world
//! comes in. Words only: no I/O, no policy, no parsing. Start with [`Effect`], then [`Facts`].

mod action;
mod answer;
mod decision;
mod dimensions;
mod effect;
mod event;
mod mode;
mod ownership;
mod ports;
mod record;
mod resource;
mod span;
mod suspicion;

pub use action::{Action, Principal};
pub use answer::{AgentCapabilities, Answer, Fence, Notice, Obligation};
pub use decision::{Decision, Match, Opinion, Outcome, Source};
pub use dimensions::{Cascade, Dimensions, Reversibility, Scope, Surface};
pub use effect::{Carries, Effect, Effects, Lost, Provenance, Qualifiers, RunsLater, Verb};
pub use event::{Argument, Change, ChangeKind, Dialect, Event, EventKind, FileChange, ToolCall, ToolInput};
pub use mode::{Mode, Tier};
pub use ownership::{Others, Ownership};
pub use ports::{Approvals, Between, Content, Facts, FileKind, Journal, Judge, Judged, Repository, Shape, Tree};
pub use record::{JudgeRecord, Record, StageRecord};
pub use resource::{Code, Origin, Paths, Pin, Place, ProcessSet, Resource, Sensitivity, Standing, Target, Understood};
pub use span::Span;
pub use suspicion::{Steers, Suspicion, TextKind};
