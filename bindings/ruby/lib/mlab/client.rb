# frozen_string_literal: true

module Mlab
  # A key, settings and kept connections, for any number of calls, jobs and threads. Make one for each key. In a forked child
  # it is made anew by itself.
  class Client
    # Without a key, that of MODELSLAB_API_KEY, then API_KEY. Options, times in seconds: endpoint, connect_timeout,
    # request_timeout, body_limit, user_agent, proxy, ca_file, ca_pem, roots (:bundled or :system), retries,
    # requests_per_second, workers, max_jobs, image_limit, max_images.
    def initialize(key = nil, **options)
      key ||= %w[MODELSLAB_API_KEY API_KEY].map { |name| ENV.fetch(name, "") }.find { |each| !each.empty? }
      Settings.refuse("key: none was given, and neither MODELSLAB_API_KEY nor API_KEY is set") if key.nil?
      @key = Text.checked("key", key)
      @options = options
      @lock = Thread::Mutex.new
      open
    end

    # A client for a block, closed after it.
    def self.open(*arguments, **options)
      client = new(*arguments, **options)
      return client unless block_given?

      begin
        yield client
      ensure
        client.close
      end
    end

    # Asks once: the images, or a result that is not ready.
    def fetch(id)
      id = id_text(id)
      call { |handle, cancel, out| Raw.mlab_client_fetch(handle, id, cancel, out) }
    end

    # Waits for a job until its images are there. Gives each Event before the last to the block; what that raises ends the
    # wait. Options, times in seconds: eta, deadline, poll (a range), download_dir, download_memory.
    def wait(id, **options, &block)
      await(Raw.mlab_request_new(id_text(id)), id, options, &block)
    end

    # Downloads one image into a file, whole or not at all.
    def download(url, path, **options, &block)
      await(Raw.mlab_request_new_download(Text.checked("url", url)), nil, { download_file: path, **options }, &block)
    end

    # Downloads one image: result.images[0].bytes.
    def download_memory(url, **options, &block)
      await(Raw.mlab_request_new_download(Text.checked("url", url)), nil, options, &block)
    end

    # What happens to one or more jobs, as it happens, until the last has ended; an Enumerator without a block. Those left are
    # cancelled if you stop. A job that failed is a :done with its result, and no error; what is raised, such as a
    # NoMemoryError where an image finds no room, stops them all.
    def events(*ids, **options)
      return enum_for(:events, *ids, **options) unless block_given?

      queue = Thread::Queue.new
      open = {}
      begin
        ids.flatten.each { |id| open[submit(Raw.mlab_request_new(id_text(id)), id.to_s, options, queue)] = id.to_s }
        left = open.size
        while left.positive?
          event = next_event(queue)
          left -= 1 if event.done?
          yield event
        end
      ensure
        open.each_key(&:call)
      end
      self
    end

    # How many jobs are open.
    def pending
      used = @lock.synchronize { @handle }
      # A parent's jobs are not its child's.
      used.nil? || used.inherited? ? 0 : used.use { |raw| Raw.mlab_client_pending(raw) }
    rescue EndedError
      0
    end

    # Ends the client, and what is under way with an EndedError.
    def close
      gone, pump = @lock.synchronize { [@handle, @pump].tap { @handle = nil } }
      return if gone.nil?
      return gone.free if gone.inherited?

      gone.close
      pump.close
      nil
    end

    # Without the key.
    def inspect
      "#<#{self.class} pending=#{pending}>"
    end

    # Rules on a reply that came some other way, such as a webhook's body. Sends nothing.
    def self.parse(body, http_status = 0)
      out = FFI::MemoryPointer.new(8)
      # A String passes as the address of its bytes.
      Raw.mlab_parse(body, body.bytesize, http_status, out)
      Result.take(out.read_pointer, out).check!
    rescue RangeError # Of ffi.
      Settings.refuse("http_status: must be 100 to 599, or 0 if it is not known")
    end

    private

    def open
      @handle = Handle.new(@key, @options)
      @pump = Pump.new(@handle)
    end

    # A new one after a fork. The parent's ends only then, so that one that is refused leaves nothing to free twice.
    def handle
      @lock.synchronize do
        raise Error.for(Raw::E_CLOSED) if @handle.nil?

        if @handle.inherited?
          parents = @handle
          open
          parents.free
        end
        @handle
      end
    end

    def id_text(id)
      Text.checked("id", id.is_a?(Integer) ? id.to_s : id)
    end

    # A blocking call on a thread of its own, with a cancel: what interrupts the caller does not reach into C. A thread kept for
    # the next call gains little, 2 to 7 of 55 microseconds: what takes time is to hand the interpreter's lock over, twice.
    def call
      # An interrupt comes out of the join alone: elsewhere it would leave a cancel, a count or the thread behind.
      Thread.handle_interrupt(Object => :never) do
        handle.use do |raw|
          out = FFI::MemoryPointer.new(8)
          cancel = Raw.mlab_cancel_new
          begin
            join_or_trigger(Thread.new { yield raw, cancel, out }, cancel)
          ensure
            Raw.mlab_cancel_free(cancel)
            result = Result.take(out.read_pointer, out) unless out.read_pointer.null?
          end
          result.check!
        end
      end
    end

    # Whoever is interrupted waits for the thread all the same, which ends within 250 ms then.
    def join_or_trigger(thread, cancel)
      thread.report_on_exception = false
      Thread.handle_interrupt(Object => :immediate) { thread.join }
    ensure
      Raw.mlab_cancel_trigger(cancel)
      thread.join
    end

    # Begins a job; what stops it.
    def submit(request, id, options, queue)
      Settings.with_request(request, options) do
        used = handle
        @pump.open(id, queue) do |raw, tag|
          Raw.mlab_request_set_tag(request, tag)
          number = FFI::MemoryPointer.new(:uint64)
          status = Raw.mlab_client_submit(raw, request, number)
          raise Error.for(status) unless status == Raw::OK

          job = number.read_uint64
          -> { cancel_job(used, job) }
        end
      end
    end

    def cancel_job(used, job)
      # After its end there is no such job any more, which is no news.
      used.use { |raw| Raw.mlab_client_cancel_job(raw, job) }
    rescue EndedError
      nil
    end

    def next_event(queue)
      event = queue.pop
      raise event if event.is_a?(Exception)

      event
    end

    def await(request, id, options)
      queue = Thread::Queue.new
      stop = submit(request, id.to_s, options, queue)
      begin
        loop do
          event = next_event(queue)
          return event.result.check! if event.done?

          yield event if block_given?
        end
      ensure
        stop.call
      end
    end
  end
end
