# frozen_string_literal: true

require_relative "raw"

# Waits for queued images of ModelsLab: see Mlab::Client.
module Mlab
  # What the loader of a system calls the library, where it is installed there.
  SYSTEM_NAME =
    case FFI::Platform::OS
    when "darwin" then "libmlab.0.dylib"
    when "windows" then "mlab.dll"
    else "libmlab.so.0"
    end
  private_constant :SYSTEM_NAME

  # The file to load: one that is named, the gem's own, or the system's.
  def self.library_path
    named = ENV.fetch("MLAB_LIBRARY", "")
    return named unless named.empty?

    own = File.expand_path("../../native/#{SYSTEM_NAME}", __dir__)
    File.file?(own) ? own : SYSTEM_NAME
  end
  private_class_method :library_path

  begin
    Raw.attach(library_path)
  rescue LoadError => e
    raise LoadError, "the native library of mlab-client cannot be loaded from #{library_path}: install it, or name its " \
                     "file in MLAB_LIBRARY (#{e.message})"
  end
  if Raw.mlab_abi_version != Raw::ABI_VERSION || Raw.mlab_version_number < Raw::VERSION_NUMBER
    raise LoadError, "#{library_path} is mlab #{Raw.mlab_version} with ABI #{Raw.mlab_abi_version}; this needs " \
                     "#{Raw::VERSION} or later with ABI #{Raw::ABI_VERSION}"
  end

  # The version of the native library.
  VERSION = Raw.mlab_version.dup.force_encoding(Encoding::UTF_8).freeze
end
