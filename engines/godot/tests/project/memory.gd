# However jobs end, they leave none of Godot's memory behind.
extends "res://case.gd"

const JOBS := 200
# What Godot's own tables grow by does not depend on the number of jobs.
const ROUNDS := 5


func run() -> void:
	var kinds := {
		"cancelled": func(_number): client.cancel(client.wait_for("never-1")),
		"refused": func(_number): client.wait_for("../1", { "eta": 1, "poll_min": 2.0 }),
		"with a wrong option": func(_number): client.wait_for("1", { "dedline": 3 }),
		"links": func(number): client.wait_for("1-%d" % (number % 10), { "images": false }),
		"images": func(number): client.wait_for("1-%d" % (number % 10), { "keep_bytes": true }),
	}
	for kind in kinds:
		var used: Array[int] = []
		for round in ROUNDS:
			for number in JOBS:
				kinds[kind].call(number)
			await until_idle()
			signals.clear()
			used.append(OS.get_static_memory_usage())
		# A thousand bytes come and go with the moment. What leaks, leaks in every round.
		var leaks := range(2, ROUNDS).all(func(at): return used[at] - used[at - 1] >= JOBS)
		check(not leaks, "%s: no byte a job is left behind: %s" % [kind, used])
