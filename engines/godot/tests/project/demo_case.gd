# The demo scene shows the pictures of an id, and says so when there are none.
extends "res://case.gd"


func run() -> void:
	var demo: Control = load("res://demo/demo.tscn").instantiate()
	root.add_child(demo)
	await process_frame
	demo.get_node("%Id").text = "1-a"
	demo.get_node("%Go").pressed.emit()
	var pictures: Node = demo.get_node("%Pictures")
	await until(func(): return pictures.get_child_count() == 3, "three pictures")
	check(pictures.get_children().all(func(picture): return picture.texture.get_size() == Vector2(64, 48)), "they have textures")
	check(demo.get_node("%Bar").max_value > 0, "there is a bar")
	demo.get_node("%Id").text = "fail-1"
	demo.get_node("%Go").pressed.emit()
	await until(func(): return "MLAB_E_JOB_FAILED" in demo.get_node("%Text").text, "the failure is shown")
	demo.free()
