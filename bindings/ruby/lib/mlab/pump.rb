# frozen_string_literal: true

module Mlab
  # Delivers the events of a client's jobs: one thread while a job is open, which Ruby can interrupt at any time. Those who
  # wait do so on a queue of Ruby's own, so that Timeout, Thread#raise and a fiber scheduler work.
  class Pump
    # How long the library waits where there is no descriptor.
    SLICE_MS = 200

    def initialize(client)
      @client = client
      @jobs = {}
      @last_tag = 0
      @lock = Thread::Mutex.new
      @thread = nil
      @waker = nil
    end

    # Gives a tag to the block, which submits the job with it; events then come into the queue.
    def open(id, queue)
      # In one step: an interrupt between would leave a job that nobody knows.
      Thread.handle_interrupt(Object => :never) do
        tag = @lock.synchronize do
          @jobs[@last_tag += 1] = [id, queue]
          @last_tag
        end
        begin
          job = yield tag
        rescue Exception
          @lock.synchronize { @jobs.delete(tag) }
          raise
        end
        run
        job
      end
    end

    # After the client was shut down: waits for the thread, which delivers the ends that are left.
    def close
      wake
      @lock.synchronize { @thread }&.join
    end

    private

    def run
      @lock.synchronize do
        if @thread.nil?
          @waker ||= IO.pipe
          @thread = Thread.new { pull }
          @thread.name = "mlab-pump"
        end
      end
      wake
    end

    # The next deadline may be nearer now.
    def wake
      @waker&.last&.write_nonblock(".", exception: false)
    end

    def pull
      io = descriptor
      loop do
        status = deliver_all(io.nil? ? SLICE_MS : 0)
        @lock.synchronize do
          if @jobs.empty? || status.negative?
            @thread = nil
            return
          end
        end
        sleep_until_due(io) unless io.nil?
      end
    end

    def sleep_until_due(io)
      due = Raw.mlab_client_next_due_ms(@client)
      readable, = IO.select([io, @waker.first], nil, nil, due.negative? ? nil : due / 1000.0)
      @waker.first.read_nonblock(64, exception: false) if readable&.include?(@waker.first)
    end

    # The client's descriptor, which stays the client's.
    def descriptor
      number = Raw.mlab_client_event_fd(@client)
      number.negative? ? nil : IO.for_fd(number, autoclose: false)
    end

    def deliver_all(timeout_ms)
      out = FFI::MemoryPointer.new(:pointer)
      loop do
        status = Raw.mlab_client_next_event(@client, timeout_ms, out)
        return status unless status == Raw::OK

        timeout_ms = 0
        deliver(out.read_pointer)
      end
    end

    def deliver(handle)
      tag = Raw.mlab_event_tag(handle)
      id, queue = @lock.synchronize { @jobs[tag] }
      event = Event.read(handle, id)
      @lock.synchronize { @jobs.delete(tag) } if event&.done?
      queue&.push(event) unless event.nil?
    ensure
      Raw.mlab_event_free(handle)
    end
  end
  private_constant :Pump
end
