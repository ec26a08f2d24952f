# frozen_string_literal: true

# With the library in native/ this makes the gem of that platform, else the one for systems that have it already.
native = Dir.glob("native/*", base: __dir__)
# It goes with the list of whose work is inside.
native << "NOTICE" unless native.empty?

local = Gem::Platform.local
# A version of macOS's kernel would keep the gem from every other.
local = Gem::Platform.new([local.cpu, local.os]) if local.os == "darwin"

Gem::Specification.new do |spec|
  spec.name = "mlab-client"
  spec.version = "0.1.0"
  spec.summary = "Waits for queued images of ModelsLab"
  spec.description = "Polls, waits for and downloads queued images of ModelsLab: blocks, Timeout, errors by kind."
  spec.authors = ["The mlab authors"]
  spec.licenses = ["MIT", "Apache-2.0"]
  spec.homepage = "https://example.com/mlab"
  spec.required_ruby_version = ">= 3.0"
  spec.platform = native.empty? ? Gem::Platform::RUBY : local
  spec.files = Dir.glob(["lib/**/*.rb", "examples/*", "README.md", "LICENSE-*"], base: __dir__) + native
  spec.add_dependency "ffi", "~> 1.15"
end
