# frozen_string_literal: true

require_relative "fixture"

# What calls, jobs and events give.
class CallsTest < ClientTest
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
    assert_equal "MLAB_E_DEADLINE", assert_raises(Mlab::DeadlineError) { @client.wait("never-2", deadline: 0.05) }.name
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

  def test_roots_are_the_systems_or_the_bundled_ones
    [:bundled, :system, "system"].each { |roots| Mlab::Client.open(KEY, roots: roots) { |c| assert_equal 0, c.pending } }
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
      "roots: must be :bundled or :system" => -> { Mlab::Client.new(KEY, roots: true) },
      "system_roots: there is no such option" => -> { Mlab::Client.new(KEY, system_roots: true) },
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
      # A worker removes what has come, a moment after the download's end.
      Timeout.timeout(5) { sleep 0.01 until Dir.empty?(folder) }
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
    best_of_three("thirty", 3) do |try|
      seconds do
        results = Array.new(30) { |i| Thread.new { @client.wait("many-#{try}-#{i}", **FAST) } }.map(&:value)
        assert(results.all?(&:ready?))
      end
    end
  end

  def test_a_wait_blocks_its_fiber_alone_where_there_is_a_scheduler
    best_of_three("fibers", 3) do |try|
      told = []
      took = seconds do
        Thread.new do
          Fiber.set_scheduler(Scheduler.new)
          3.times do |i|
            Fiber.schedule do
              told << :begun
              told << (@client.wait("fiber-#{try}-#{i}", **FAST).ready? ? :ready : :not_ready)
            end
          end
        end.join
      end
      assert_equal [:begun] * 3 + [:ready] * 3, told
      took
    end
  end

  def test_progress_is_told_and_what_it_raises_ends_the_wait
    seen = []
    # A job's end drops the progress before it: the second poll comes late.
    @client.wait("progress-1", **FAST, poll: 3..15) { |event| seen << event }
    assert_equal [:progress, 1], [seen.first.kind, seen.first.polls]
    assert_raises(RangeError) { @client.wait("never-5") { raise RangeError } }
  end

  def test_events_end_after_the_last_job_and_leaving_them_cancels_the_rest
    ends = @client.events("events-1", "fail-events", 12_202_888, **FAST).select(&:done?)
    assert_equal({ "events-1" => 0, "fail-events" => -47, "12202888" => 0 }, ends.to_h { |e| [e.id, e.status] })
    @client.events(%w[never-6 never-7]) { break }
    Timeout.timeout(10) { sleep 0.01 until @client.pending.zero? }
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
end
