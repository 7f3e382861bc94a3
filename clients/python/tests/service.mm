# 2. Define what healthy looks like for a given service in a service.mm file.
token=YOUR_SECRET_HERE

method makePayment(String foo) {
  latency = 50ms
  max_error_rate = 1%
}
