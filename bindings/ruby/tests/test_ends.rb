# frozen_string_literal: true

require_relative "fixture"

# How clients, waits and processes end.
class EndsTest < ClientTest
  # Has the block run, and notes when the client under test is freed. The collector frees others meanwhile, which earlier tests
  # forgot.
  def noting_free(order, name, &work)
    ours = @client.instance_variable_get(:@handle).instance_variable_get(:@raw)
    free = Mlab::Raw.method(:mlab_client_free)
    Mlab::Raw.stub(:mlab_client_free, ->(raw) { free.call(raw).tap { order << name if raw == ours } }, &work)
  end

  def test_close_ends_what_is_under_way_and_calls_after_it
    calls = [-> { @client.wait("never-8") }, -> { @client.fetch("slow-30-close") }]
    threads = calls.map { |call| Thread.new { assert_raises(Mlab::EndedError, &call) } }
    sleep 0.01 until @client.pending == 1 && threads.all? { |thread| thread.status == "sleep" }
    assert_operator seconds { @client.close }, :<, 5
    assert_equal %w[MLAB_E_CLOSED] * 2, threads.map { |thread| thread.value.name }
    assert_raises(Mlab::EndedError) { @client.fetch("1") }
    @client.close
  end

  def test_a_close_frees_nothing_under_a_call_that_is_about_to_begin
    fetch = Mlab::Raw.method(:mlab_client_fetch)
    begun, go, order = Array.new(3) { Thread::Queue.new }
    slowly = lambda do |*arguments|
      begun << true
      go.pop
      fetch.call(*arguments).tap { order << :left }
    end
    Mlab::Raw.stub(:mlab_client_fetch, slowly) do
      noting_free(order, :freed) do
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
    free = Mlab::Raw.method(:mlab_cancel_free)
    Mlab::Raw.stub(:mlab_cancel_free, ->(raw) { free.call(raw).tap { order << :mlab_cancel_free } }) do
      noting_free(order, :mlab_client_free) do
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
    assert_operator took, :<, 15 # Ruby itself takes its time to begin.
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
    assert_operator took, :<, 20 # It does not wait for the jobs when it ends.
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
