# frozen_string_literal: true

# Plays the story of test/clients/story.ts.

require "uri"
require_relative "probity"

class ApiError < StandardError
  attr_reader :http_status

  def initialize(status)
    super("card number 4242")
    @http_status = status
  end
end

FaradayError = Class.new(StandardError) { def response = { status: 409 } }
NetError = Class.new(StandardError) { def response = Struct.new(:code).new("404") }

def check(correct)
  raise "what a wrapped block does has changed" unless correct
end

def failing(probity, name, error)
  probity.call(name) { raise error }
  check(false)
rescue Exception => raised
  check(raised.equal?(error))
end

probity = Probity.new
[0, 0, 0.15].each { |pause| check(probity.call("returns") { sleep(pause) && 5 } == 5) }
[ApiError.new(402), NetError.new, FaradayError.new].each { |error| failing(probity, "answer", error) }
[429, 503].each { |status| failing(probity, "fault", ApiError.new(status)) }
[ArgumentError.new("no"), Errno::ETIMEDOUT.new, NotImplementedError.new].each { |error| failing(probity, "throws", error) }
failing(probity, "odd", Class.new(StandardError).new("no"))
failing(probity, "aborts", Interrupt.new)
lost = Probity.new(caller: "ruby", version: "", address: "127.0.0.1:9")
lost.observe("GET", "http://api.example/v1/charges", nil, 200)
lost.observe("GET", URI("http://api.example/v1/charges"), 0.001, 200)
lost.close
check(lost.dropped == 1)
probity.call("text\t\n2\t\t\t1\t\ttext\u2028ü\xff") { 1 }
probity.observe("GET", "https://me:secret@api.example/v1/charges?key=secret#x", 0.001, 200)
probity.observe("GET", ARGV[0], 0.001, 503)
probity.observe("GET", ARGV[1], 0.001, 0, Errno::ECONNREFUSED.new)
threads = Array.new(48) { Thread.new { 20.times { probity.call("parallel") { sleep 0.001 } } } }
threads.each(&:join)
# What waits is the parent's: the children report only their own.
2.times { Process.wait(fork { 20.times { probity.call("parallel") { 1 } } }) }
["127.0.0.1:9", "127.0.0.1:0", "::::", "collector.invalid:1"].each do |address|
  other = Probity.new(caller: "shop", version: "1", address: address)
  check(other.call("nowhere") { 5 } == 5)
  other.close
end
# What waits leaves when the program ends.
check(probity.dropped.zero?)
