"""Drives the PyPI package json2video 2.0.0, unmodified, against the URL and key given; prints what it saw."""

import asyncio
import json
import sys

from json2video import Movie, Scene

api_url, api_key, case = sys.argv[1:4]


def movie_of(seconds):
    scene = Scene()
    scene.set("duration", seconds)
    scene.set("background_color", "#102030")
    scene.set_transition(style="fade", duration=0.5)
    if case == "broken":
        scene.add_element({"type": "video"})
    scene.add_element({"type": "text", "text": "Hello", "style": "001"})
    movie = Movie()
    movie.api_url = api_url
    movie.set_api_key(api_key)
    movie.set("resolution", "hd")
    movie.set("draft", False)
    movie.set("id", "my-id")
    movie.add_scene(scene)
    return movie


movie = movie_of(4)
seen = {"first": asyncio.run(movie.render()), "polls": []}
if seen["first"].get("success"):
    seen["last"] = movie.wait_to_finish(lambda reply: seen["polls"].append(reply["movie"]["status"]))
    seen["again"] = asyncio.run(movie.render())
print(json.dumps(seen))
