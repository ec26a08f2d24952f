# frozen_string_literal: true

# Run by tests/bindings/ruby.rs.
require_relative "test_calls"
require_relative "test_ends"
