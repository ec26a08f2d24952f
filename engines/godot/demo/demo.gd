# Asks for an id, shows a progress bar while the job runs, then its pictures.
extends Control

var job := 0

@onready var client: MlabClient = $MlabClient
@onready var text: Label = %Text
@onready var bar: ProgressBar = %Bar


func _ready() -> void:
	client.progress.connect(_on_progress)
	client.image_ready.connect(_on_image_ready)
	client.job_ready.connect(_on_job_ready)
	client.failed.connect(_on_failed)
	%Go.pressed.connect(_on_go)


func _on_go() -> void:
	# Whatever an earlier job still has to tell is of no interest.
	client.cancel(job)
	for picture in %Pictures.get_children():
		%Pictures.remove_child(picture)
		picture.queue_free()
	bar.value = 0
	text.text = "Waiting ..."
	job = client.wait_for(%Id.text)


func _on_progress(of: int, info: Dictionary) -> void:
	if of != job:
		return
	if info.bytes_total > 0:
		bar.max_value = info.bytes_total
		bar.value = info.bytes_done
		text.text = "Loading ..."
	else:
		# The eta is a guess: the bar shows how much of the expected time is over.
		bar.max_value = info.elapsed + maxf(info.eta, 5.0)
		bar.value = info.elapsed
		text.text = "Waiting: %d polls in %d s" % [info.polls, info.elapsed]


func _on_image_ready(of: int, index: int, texture: ImageTexture, info: Dictionary) -> void:
	if of != job:
		return
	if texture == null:
		text.text = "Image %d: %s" % [index, info.get("error", "Godot does not show " + info.type)]
		return
	var picture := TextureRect.new()
	picture.texture = texture
	%Pictures.add_child(picture)


func _on_job_ready(of: int, urls: PackedStringArray) -> void:
	if of == job:
		bar.value = bar.max_value
		text.text = "Ready: %d images" % urls.size()


func _on_failed(of: int, _status: int, status_name: String, message: String) -> void:
	if of == job:
		text.text = "%s: %s" % [status_name, message]
