# frozen_string_literal: true

# Run by tests/bindings/ruby.rs against the stand-in, whose addresses it puts into the environment.
require "mlab"
require "minitest/autorun"
require "minitest/mock"
require "rbconfig"
require "timeout"
require "tmpdir"

KEY = "test-key-not-real"
ENDPOINT = ENV.fetch("MLAB_TEST_HTTP")
FAST = { eta: 0.6, poll: 1..15 }.freeze

# The least that a fiber scheduler has to do: it goes on with whoever was woken, until nobody waits.
class Scheduler
  def initialize
    @woken = Thread::Queue.new
    @waiting = 0
  end

  def block(_blocker, _timeout = nil)
    @waiting += 1
    Fiber.yield
    true
  end

  def unblock(_blocker, fiber)
    @woken << fiber
  end

  def fiber(&work)
    Fiber.new(blocking: false, &work).tap(&:resume)
  end

  def close
    while @waiting.positive?
      @waiting -= 1
      @woken.pop.resume
    end
  end

  def kernel_sleep(*) = raise(NotImplementedError)
  def io_wait(*) = raise(NotImplementedError)
end

class ClientTest < Minitest::Test
  def setup
    @client = Mlab::Client.new(KEY, endpoint: ENDPOINT)
  end

  def teardown
    @client.close
  end

  def seconds
    at = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    yield
    Process.clock_gettime(Process::CLOCK_MONOTONIC) - at
  end

  # Whatever else the machine does may hold a call up: the best of three tries counts, and takes less than 300 ms.
  def at_once(name)
    took = []
    took << yield while took.size < 3 && took.all? { |each| each >= 0.3 }
    assert took.any? { |each| each < 0.3 }, "#{name}: #{took} s"
  end

  # Runs a program of its own, since it ends or is interrupted.
  def program(body, **options)
    code = "require 'mlab'; client = Mlab::Client.new('#{KEY}', endpoint: ENV['MLAB_TEST_HTTP']); #{body}"
    IO.popen([RbConfig.ruby, "-e", code], **options, &:read)
  end

  def test_a_ready_job_gives_its_images_under_both_names
    result = @client.fetch("12202888")
    assert_equal 4, result.urls.size
    assert_same result.urls, result.output
    assert_predicate result, :ready?
  end

  def test_a_job_that_is_not_ready_is_a_result_and_no_error
    result = @client.fetch("never-fetch")
    assert_equal [1, false, []], [result.status, result.ready?, result.urls]
  end

  def test_each_failure_is_an_error_of_its_group_with_the_result_on_it
    assert_equal "MLAB_E_JOB_FAILED", assert_raises(Mlab::JobError) { @client.wait("fail-1", **FAST) }.name
    refused = assert_raises(Mlab::AccountError) { @client.fetch("auth-1") }
    assert_equal ["MLAB_E_AUTH", -40, "auth-1"], [refused.name, refused.status, refused.result.id]
    refute_includes refused.full_message, KEY
    assert_equal "MLAB_E_DEADLINE", assert_raises(Mlab::EndedError) { @client.wait("never-2", deadline: 0.05) }.name
  end

  def test_a_rate_limit_tells_its_time
    Mlab::Client.open(KEY, endpoint: ENDPOINT, retries: 0) do |impatient|
      error = assert_raises(Mlab::RateLimitError) { impatient.fetch("rate-1") }
      assert_predicate error, :retryable?
      assert_operator error.retry_after, :>, 0
    end
  end

  def test_a_server_that_is_not_there_is_a_network_error
    Mlab::Client.open(KEY, endpoint: ENV.fetch("MLAB_TEST_UNREACHABLE"), retries: 0) do |lost|
      assert_equal "MLAB_E_CONNECT", assert_raises(Mlab::NetworkError) { lost.fetch("1") }.name
    end
  end

  def test_what_is_wrong_is_refused_by_its_name_before_anything_is_sent
    {
      "key: has a NUL inside" => -> { Mlab::Client.new("a\0b") },
      "endpoints: there is no such option" => -> { Mlab::Client.new(KEY, endpoints: "x") },
      "endpoint: " => -> { Mlab::Client.new(KEY, endpoint: "ftp://x/{id}") },
      "id: has a NUL inside" => -> { @client.fetch("a\0b") },
      "id: must be a string" => -> { @client.fetch(nil) },
      "id: is not valid UTF-8" => -> { @client.fetch("\xff") },
      "id" => -> { @client.wait("a b") },
      "download_dir: has a NUL inside" => -> { @client.wait("1", download_dir: "a\0b") },
      "eta: must be a number of seconds" => -> { @client.wait("1", eta: "soon") },
      "retries: is too large" => -> { Mlab::Client.new(KEY, retries: 1 << 32) },
      "body_limit: is too large" => -> { Mlab::Client.new(KEY, body_limit: 1 << 64) },
      "http_status: must be 100 to 599" => -> { Mlab::Client.parse("{}", (1 << 32) + 200) }
    }.each do |words, call|
      message = assert_raises(Mlab::ArgumentError, &call).message
      assert message.start_with?(words), "#{words}: #{message}"
    end
  end

  def test_an_id_of_64_bits_stays_whole
    assert_equal "18446744073709551615", @client.wait(2**64 - 1).id
  end

  def test_text_beyond_ascii_comes_through
    Mlab::Client.open(KEY, endpoint: ENV.fetch("MLAB_TEST_UTF8")) do |client|
      result = client.wait("1")
      assert_equal ["fertig: 日本", ["https://images.example/é/😀"]], [result.message, result.urls]
      assert_equal result.urls, Mlab::Client.parse(result.body).urls
    end
  end

  def test_a_body_is_bytes_whatever_is_in_it
    body = "\0a\0\xffb\0".b
    Mlab::Client.open(KEY, endpoint: ENV.fetch("MLAB_TEST_BINARY")) do |binary|
      [-> { binary.fetch("1") }, -> { binary.wait("1") }, -> { Mlab::Client.parse(body, 401) }].each do |call|
        assert_equal body, assert_raises(Mlab::AccountError, &call).result.body
      end
    end
  end

  def test_timeout_ends_whatever_is_in_it_within_300_ms
    {
      wait: -> { @client.wait("never-3") },
      fetch: -> { @client.fetch("slow-30-1") },
      events: -> { @client.events("never-4").to_a }
    }.each do |name, call|
      at_once(name) { seconds { assert_raises(Timeout::Error) { Timeout.timeout(0.3) { call.call } } } - 0.3 }
    end
  end

  def test_timeout_ends_a_download_within_300_ms_and_leaves_no_file
    url = ENV.fetch("MLAB_TEST_STALLED")
    Dir.mktmpdir do |folder|
      { file: -> { @client.download(url, "#{folder}/1.png") }, memory: -> { @client.download_memory(url) } }.each do |name, call|
        at_once(name) { seconds { assert_raises(Timeout::Error) { Timeout.timeout(0.3) { call.call } } } - 0.3 }
      end
      Timeout.timeout(2) { sleep 0.01 until @client.pending.zero? }
      assert_empty Dir.children(folder)
    end
  end

  def test_another_thread_can_be_stopped
    at_once("kill") do
      waiting = Thread.new { @client.wait("never-10") }
      sleep 0.01 until @client.pending == 1 && waiting.status == "sleep"
      seconds { waiting.kill.join }
    end
  end

  def test_thirty_waits_at_once_take_three_seconds_at_most
    took = seconds do
      results = Array.new(30) { |i| Thread.new { @client.wait("many-#{i}", **FAST) } }.map(&:value)
      assert(results.all?(&:ready?))
    end
    assert_operator took, :<, 3
  end

  def test_a_wait_blocks_its_fiber_alone_where_there_is_a_scheduler
    told = []
    took = seconds do
      Thread.new do
        Fiber.set_scheduler(Scheduler.new)
        3.times do |i|
          Fiber.schedule do
            told << :begun
            told << (@client.wait("fiber-#{i}", **FAST).ready? ? :ready : :not_ready)
          end
        end
      end.join
    end
    assert_equal [:begun] * 3 + [:ready] * 3, told
    assert_operator took, :<, 3
  end

  def test_progress_is_told_and_what_it_raises_ends_the_wait
    seen = []
    @client.wait("progress-1", **FAST) { |event| seen << event }
    assert_equal [:progress, 1], [seen.first.kind, seen.first.polls]
    assert_raises(RangeError) { @client.wait("never-5") { raise RangeError } }
  end

  def test_events_end_after_the_last_job_and_leaving_them_cancels_the_rest
    ends = @client.events("events-1", "fail-events", 12_202_888, **FAST).select(&:done?)
    assert_equal({ "events-1" => 0, "fail-events" => -47, "12202888" => 0 }, ends.to_h { |e| [e.id, e.status] })
    @client.events(%w[never-6 never-7]) { break }
    Timeout.timeout(1) { sleep 0.01 until @client.pending.zero? }
  end

  def test_images_come_into_memory_into_a_folder_and_one_by_one
    Dir.mktmpdir("bilder-é-") do |folder|
      saved = @client.wait("12202888", download_dir: folder)
      assert_equal 4, Dir.children(folder).size
      held = @client.wait("12202888", download_memory: 1 << 20)
      held.images.zip(saved.images) do |image, file|
        assert_equal File.binread(file.path), image.bytes
        assert_operator image.width, :>, 0
      end
      @client.download(held.urls.first, "#{folder}/eins.png")
      assert_equal File.binread("#{folder}/eins.png"), @client.download_memory(held.urls.first).images.first.bytes
      there = @client.events("12202888", download_memory: 1 << 20, image_events: true).select { |e| e.kind == :image }
      assert_equal [0, 1, 2, 3], there.map(&:index).sort
      assert(there.all? { |event| !event.result.images[event.index].bytes.empty? })
      assert_raises(Mlab::ImageError) { @client.wait("12202888", download_dir: "#{folder}/none") }
    end
  end

  def test_close_ends_what_is_under_way_and_calls_after_it
    calls = [-> { @client.wait("never-8") }, -> { @client.fetch("slow-30-close") }]
    threads = calls.map { |call| Thread.new { assert_raises(Mlab::EndedError, &call) } }
    sleep 0.01 until @client.pending == 1 && threads.all? { |thread| thread.status == "sleep" }
    assert_operator seconds { @client.close }, :<, 0.6
    assert_equal %w[MLAB_E_CLOSED] * 2, threads.map { |thread| thread.value.name }
    assert_raises(Mlab::EndedError) { @client.fetch("1") }
    @client.close
  end

  def test_a_close_frees_nothing_under_a_call_that_is_about_to_begin
    fetch = Mlab::Raw.method(:mlab_client_fetch)
    free = Mlab::Raw.method(:mlab_client_free)
    begun, go, order = Array.new(3) { Thread::Queue.new }
    slowly = lambda do |*arguments|
      begun << true
      go.pop
      fetch.call(*arguments).tap { order << :left }
    end
    Mlab::Raw.stub(:mlab_client_fetch, slowly) do
      Mlab::Raw.stub(:mlab_client_free, ->(raw) { free.call(raw).tap { order << :freed } }) do
        calling = Thread.new { assert_raises(Mlab::EndedError) { @client.fetch("12202888") } }
        begun.pop
        @client.close
        go << true
        calling.join
        assert_equal %i[left freed], [order.pop, order.pop]
      end
    end
  end

  def test_a_fetch_on_a_closed_client_makes_nothing
    @client.close
    Mlab::Raw.stub(:mlab_cancel_new, -> { flunk("a cancel that nobody frees") }) do
      assert_raises(Mlab::EndedError) { @client.fetch("12202888") }
    end
  end

  # What was freed of the client and of cancels, in order, when the block had run and the client was closed.
  def freed
    order = []
    noting = lambda do |name, &work|
      free = Mlab::Raw.method(name)
      Mlab::Raw.stub(name, ->(raw) { free.call(raw).tap { order << name } }, &work)
    end
    noting.call(:mlab_cancel_free) do
      noting.call(:mlab_client_free) do
        yield
        @client.close
      end
    end
    order
  end

  def test_a_fetch_that_cannot_begin_leaves_nothing
    make = Mlab::Raw.method(:mlab_cancel_new)
    caller = Thread.current
    interrupted = -> { make.call.tap { Thread.new { caller.raise(KeyError) }.join } }
    order = freed do
      Thread.stub(:new, ->(*) { raise ThreadError }) { assert_raises(ThreadError) { @client.fetch("12202888") } }
      Mlab::Raw.stub(:mlab_cancel_new, interrupted) { assert_raises(KeyError) { @client.fetch("slow-30-begin") } }
    end
    assert_equal %i[mlab_cancel_free mlab_cancel_free mlab_client_free], order
  end

  def test_whatever_ends_the_pump_ends_every_wait_and_the_next_one_has_another
    {
      NoMemoryError => ->(*) { raise NoMemoryError },
      Mlab::SystemError => ->(*) { Mlab::Raw::E_INTERNAL },
      Mlab::EndedError => ->(*) { Thread.exit }
    }.each do |error, ends|
      Mlab::Raw.stub(:mlab_client_next_event, ends) do
        calls = [-> { @client.wait("never-11") }, -> { @client.events("never-12").to_a }]
        calls.map { |call| Thread.new { assert_raises(error, &call) } }.each { |thread| assert thread.join(5), "#{error}: it hangs" }
      end
      assert_predicate @client.wait("12202888"), :ready?
    end
  end

  def test_an_event_that_cannot_be_copied_ends_its_own_job_alone
    read = Mlab::Event.method(:read)
    Mlab::Event.stub(:read, ->(event, id) { id == "12202888" ? raise(NoMemoryError) : read.call(event, id) }) do
      other = Thread.new { @client.wait("copy-1", **FAST) }
      assert_raises(NoMemoryError) { Timeout.timeout(5) { @client.wait("12202888") } }
      assert_predicate other.value, :ready?
    end
  end

  def test_a_child_whose_client_is_refused_frees_its_parents_once
    Dir.mktmpdir do |folder|
      file = "#{folder}/ca.pem"
      File.write(file, File.read(ENV.fetch("MLAB_TEST_CA_FILE")))
      @client.close
      @client = Mlab::Client.new(KEY, endpoint: ENDPOINT, ca_file: file)
      child = fork do
        File.rename(file, "#{file}.old")
        order = freed do
          2.times { assert_raises(Mlab::ImageError) { @client.fetch("12202888") } }
          assert_includes @client.inspect, "pending=0"
        end
        exit!(order == [:mlab_client_free] ? 0 : 1)
      rescue Minitest::Assertion => e
        warn e.message
        exit!(2)
      end
      assert_predicate Process.wait2(child).last, :success?
    end
  end

  def test_a_client_is_made_anew_in_a_forked_child
    waiting = Thread.new { @client.wait("fork-1", **FAST) }
    sleep 0.01 until @client.pending == 1
    child = fork { exit!(@client.wait("12202888").urls.size == 4 && @client.fetch("12202888").ready? ? 0 : 1) }
    assert_predicate Process.wait2(child).last, :success?
    assert_predicate waiting.value, :ready?
  end

  def test_the_process_ends_with_jobs_open
    waits = "20.times { |i| Thread.new { client.wait(\"never-\#{i}\") } }"
    took = seconds { program("#{waits}; client.fetch('12202888'); Thread.new { client.fetch('slow-30-1') }; sleep 0.3; exit") }
    assert_predicate $?, :success?
    assert_operator took, :<, 3
  end

  def test_a_forgotten_client_is_freed
    program("100.times { Mlab::Client.new('#{KEY}') }; GC.start; client.wait('12202888')")
    assert_predicate $?, :success?
  end

  def test_a_client_that_was_forgotten_with_open_jobs_lives_as_long_as_they_do
    forget = "def forget(client) = client.events('never-forgotten', poll: 1..1).next; forget(client); client = nil; "
    took = seconds do
      said = program("#{forget} 9.times { GC.start; sleep 0.3 }; print Mlab::Client.open('#{KEY}', " \
                     "endpoint: ENV['MLAB_TEST_HTTP']) { |other| other.wait('12202888').urls.size }", err: %i[child out])
      assert_equal "4", said
    end
    assert_operator took, :<, 8 # It does not wait for the jobs when it ends.
  end

  def test_calls_do_not_grow_the_process
    resident = -> { 4096 * File.read("/proc/self/statm").split[1].to_i }
    body = %({"status":"success","output":["#{"a" * 2000}"]})
    calls = lambda do |count|
      count.times do |i|
        Mlab::Client.parse(body, 200)
        next unless (i % 50).zero?

        @client.fetch("12202888")
        @client.wait("12202888") { nil }
      end
      GC.start
    end
    calls.call(3_000)
    before = resident.call
    calls.call(10_000)
    # A result of that body takes some 4 KB: of 10,000, one in ten would show.
    assert_operator resident.call - before, :<, 4 << 20
  end

  def test_the_key_comes_from_the_environment_and_stays_out_of_inspect
    assert_raises(Mlab::ArgumentError) { Mlab::Client.new }
    ENV["API_KEY"] = KEY
    Mlab::Client.open(endpoint: ENDPOINT) { |client| assert_equal 4, client.fetch("12202888").urls.size }
    ENV["MODELSLAB_API_KEY"] = "not-this"
    Mlab::Client.open(endpoint: ENDPOINT) { |client| assert_raises(Mlab::AccountError) { client.fetch("12202888") } }
    refute_includes @client.inspect, KEY
  ensure
    ENV.delete("API_KEY")
    ENV.delete("MODELSLAB_API_KEY")
  end
end
