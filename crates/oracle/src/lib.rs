//! Nothing to use: this crate holds the tests that compare the shell parser with bash and with other parsers.
