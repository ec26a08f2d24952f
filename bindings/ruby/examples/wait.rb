# frozen_string_literal: true

# Waits for one queued job with a progress line, and prints the URLs of its images, or saves them and prints where.
# Ctrl-C stops it at once.
#
#     MODELSLAB_API_KEY=... ruby wait.rb 12202888 [eta in seconds, as the generation call said]
#
# MLAB_IMAGES is a folder to save the images into; MLAB_ENDPOINT and MLAB_CA_FILE are for a server of your own.
#
# Exit code: 0 the images are there, 3 not yet when the deadline came, 130 stopped by Ctrl-C, 1 something went wrong,
# 2 wrong use.
require "mlab"

id, eta = ARGV
if id.nil? || ARGV.size > 2 || (eta && !Float(eta, exception: false)&.>=(0))
  warn "usage: ruby wait.rb ID [ETA IN SECONDS]"
  exit 2
end

def show(event)
  line = format("%.1f s, %d %s", event.elapsed, event.polls, event.polls == 1 ? "poll" : "polls")
  line += format(", next in %.1f s", event.next_poll - event.elapsed) if event.next_poll
  line += format(", the server expects %.1f s more", event.eta) if event.eta
  warn line
end

begin
  folder = ENV.fetch("MLAB_IMAGES", nil)
  client = Mlab::Client.new(endpoint: ENV.fetch("MLAB_ENDPOINT", nil), ca_file: ENV.fetch("MLAB_CA_FILE", nil))
  result = client.wait(id, eta: eta && Float(eta), download_dir: folder) { |event| show(event) }
  if folder
    result.images.each { |image| puts "#{image.path} (#{image.type}, #{image.width} x #{image.height})" }
  else
    puts result.urls
  end
rescue Interrupt
  exit 130
rescue Mlab::Error => e
  warn "#{e.name}: #{e.message}"
  exit e.name == "MLAB_E_DEADLINE" ? 3 : 1
end
