# frozen_string_literal: true

module Mlab
  # Delivers the events of a client's jobs: one thread while a job is open, which Ruby can interrupt at any time. Those who
  # wait do so on a queue of Ruby's own, so that Timeout, Thread#raise and a fiber scheduler work.
  class Pump
    # How long the library waits where there is no descriptor.
    SLICE_MS = 200

    def initialize(handle)
      @handle = handle
      @jobs = {}
      @last_tag = 0
      @lock = Thread::Mutex.new
      @thread = nil
      @waker = nil
    end

    # Gives the library's client and a tag to the block, which submits the job with it; events then come into the queue, or
    # in the place of one what kept it from coming.
    def open(id, queue)
      # In one step: an interrupt between would leave a job that nobody knows.
      Thread.handle_interrupt(Object => :never) do
        @handle.use do |raw|
          tag = register(id, queue)
          begin
            run
            yield raw, tag
          rescue Exception
            @lock.synchronize { @jobs.delete(tag) }
            raise
          ensure
            wake # Its deadline may be nearer than those that are waited for; or it was the only one, and is none.
          end
        end
      end
    end

    # After the client was shut down: waits for the thread, which delivers the ends that are left.
    def close
      wake
      @lock.synchronize { @thread }&.join
    end

    private

    def register(id, queue)
      @lock.synchronize do
        @jobs[@last_tag += 1] = [id, queue]
        @last_tag
      end
    end

    # The thread is inside for as long as it runs: it holds the client, which its owner may forget or close meanwhile.
    def run
      @lock.synchronize do
        return unless @thread.nil?

        @waker ||= IO.pipe
        raw = @handle.enter
        begin
          @thread = Thread.new { pull_and_leave(raw) }
        rescue ThreadError
          @handle.leave
          raise
        end
        @thread.name = "mlab-pump"
      end
    end

    def wake
      @waker&.last&.write_nonblock(".", exception: false)
    end

    # A thread begins with the mask of whoever made it, under which no process that ends could end this one. However it ends,
    # nobody is left to wait for it.
    def pull_and_leave(raw)
      why = Error.for(Raw::E_CLOSED) # It was killed.
      why = Thread.handle_interrupt(Object => :immediate) { pull(raw) }
    rescue Exception => e
      why = e
    ensure
      end_all(why) unless why.nil?
      @handle.leave
    end

    # Until no job is open: nil; or the error that ends all that are.
    def pull(raw)
      io = descriptor(raw)
      loop do
        status = deliver_all(raw, io.nil? ? SLICE_MS : 0)
        return Error.for(status) if status.negative?
        return if idle?

        sleep_until_due(raw, io) unless io.nil?
      end
    end

    # Gives the thread up in the same step, so that the next job begins another one.
    def idle?
      @lock.synchronize { @jobs.empty?.tap { |is_idle| @thread = nil if is_idle } }
    end

    def end_all(why)
      jobs = @lock.synchronize do
        @thread = nil
        @jobs.values.tap { @jobs = {} }
      end
      jobs.each { |_, queue| queue.push(why) }
    end

    def sleep_until_due(raw, io)
      due = Raw.mlab_client_next_due_ms(raw)
      readable, = IO.select([io, @waker.first], nil, nil, due.negative? ? nil : due / 1000.0)
      @waker.first.read_nonblock(64, exception: false) if readable&.include?(@waker.first)
    end

    # The client's descriptor, which stays the client's.
    def descriptor(raw)
      number = Raw.mlab_client_event_fd(raw)
      number.negative? ? nil : IO.for_fd(number, autoclose: false)
    end

    def deliver_all(raw, timeout_ms)
      out = FFI::MemoryPointer.new(:pointer)
      loop do
        status = Raw.mlab_client_next_event(raw, timeout_ms, out)
        return status unless status == Raw::OK

        timeout_ms = 0
        deliver(out.read_pointer)
      end
    end

    def deliver(handle)
      tag = Raw.mlab_event_tag(handle)
      is_last = Raw.mlab_event_kind(handle) == Raw::EVENT_DONE
      id, queue = @lock.synchronize { is_last ? @jobs.delete(tag) : @jobs[tag] }
      return if queue.nil?

      event = Event.read(handle, id)
      queue.push(event) unless event.nil?
    rescue StandardError, NoMemoryError => e
      # Most likely there is no memory for the images. Whoever waits stops the job then; others go on.
      queue&.push(e)
    ensure
      Raw.mlab_event_free(handle)
    end
  end
  private_constant :Pump
end
