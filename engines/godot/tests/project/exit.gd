# The game ends while 200 jobs are open, in every state: not yet submitted, in a poll, waiting, with images on the way.
extends "res://case.gd"


func run() -> void:
	for number in 60:
		client.wait_for("never-%d" % number)
		client.wait_for("slow-60-%d" % number)
	await until(func(): return signals.any(func(row): return row[0] == "progress"), "jobs run")
	for number in 40:
		client.wait_for("1-%d" % number)
	await until(func(): return signals.any(func(row): return row[0] == "image_ready"), "an image")
	while client.get_pending() < 200:
		client.wait_for("never-1")
