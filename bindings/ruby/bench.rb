# frozen_string_literal: true

# Times calls for `cargo bench --bench bindings`, and prints nanoseconds a call:
#
#     bench.rb fetch SAMPLES BATCH URL
#     bench.rb parse SAMPLES BATCH FILE
require "mlab"

mode, samples, batch, target = ARGV
samples = Integer(samples)
batch = Integer(batch)

WARMING_NS = 400_000_000

if mode == "fetch"
  client = Mlab::Client.new("test-key-not-real", endpoint: target)
  call = -> { client.fetch("12202888") }
else
  body = File.binread(target)
  call = -> { Mlab::Client.parse(body, 200) }
end

now = -> { Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond) }
begun = now.call
call.call while now.call - begun < WARMING_NS
result = nil
took = Array.new(samples) do
  start = now.call
  batch.times { result = call.call }
  (now.call - start).fdiv(batch)
end
took.sort!
puts "bytes=#{result.urls.sum(&:bytesize)} min=#{took[0]} median=#{took[samples / 2]} p90=#{took[samples * 9 / 10]}"
client&.close
