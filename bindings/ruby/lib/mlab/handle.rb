# frozen_string_literal: true

module Mlab
  # A client of the library's, and how many are inside it. The last one out frees it once it was closed; the collector frees one
  # that was forgotten, which it is not while somebody holds this.
  #
  # Whoever is interrupted between a count and what follows leaves it too high: then the collector frees it, later.
  class Handle
    # Makes the client of these options. What it raises holds the reason.
    def initialize(key, options)
      Settings.with_config(options) do |config|
        out = FFI::MemoryPointer.new(:pointer)
        status = Raw.mlab_client_new(key, config, out)
        @raw = out.read_pointer
        if status != Raw::OK
          message = Text.utf8(Raw.mlab_client_message(@raw))
          Raw.mlab_client_free(@raw)
          raise Error.for(status, message)
        end
      end
      @process = Process.pid
      @lock = Thread::Mutex.new
      @inside = 0
      @closed = false
      ObjectSpace.define_finalizer(self, Handle.finalizer(@raw))
    end

    def self.finalizer(raw)
      proc { Raw.mlab_client_free(raw) }
    end

    # Gives the library's client to the block.
    def use
      raw = enter
      begin
        yield raw
      ensure
        leave
      end
    end

    # The library's client, until leave.
    def enter
      @lock.synchronize do
        raise Error.for(Raw::E_CLOSED) if @closed

        @inside += 1
      end
      @raw
    end

    def leave
      is_last = @lock.synchronize { (@inside -= 1).zero? && @closed }
      free if is_last
    end

    # Ends what is under way. Once, and whoever comes later finds it done.
    def close
      @lock.synchronize do
        return if @closed

        @closed = true
        @inside += 1
      end
      begin
        Raw.mlab_client_shutdown(@raw, 0)
      ensure
        leave
      end
    end

    # Whether it is that of a parent, which is of no use to its child.
    def inherited?
      @process != Process.pid
    end

    # For the last one out, and in a child, where nobody is inside: whoever was is a thread of the parent's.
    def free
      ObjectSpace.undefine_finalizer(self)
      Raw.mlab_client_free(@raw)
    end
  end
  private_constant :Handle
end
