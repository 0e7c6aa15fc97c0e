"""Drives the vendor's BDK against a mock pod: bdk.py PORT KEY; prints what it got as JSON."""

import asyncio
import json
import logging
import sys

from symphony.bdk.core.config.loader import BdkConfigLoader
from symphony.bdk.core.symphony_bdk import SymphonyBdk
from symphony.bdk.gen.pod_model.v3_room_attributes import V3RoomAttributes


async def main(port, key):
    logging.basicConfig(level=logging.INFO)
    config = BdkConfigLoader.load_from_content(json.dumps({
        "scheme": "http",
        "host": "127.0.0.1",
        "port": int(port),
        "bot": {"username": "bot", "privateKey": {"path": key}},
    }))
    async with SymphonyBdk(config) as bdk:
        session = await bdk.sessions().get_session()
        streams = bdk.streams()
        im = await streams.create_im_admin([1, 2])
        info = await streams.get_im_info(im.id)
        room = await streams.create_room(V3RoomAttributes(name="Project X", description="What it is about"))
        print(json.dumps({
            "user": {"id": session.id, "username": session.username},
            "im": im.id,
            "info": info.im_system_info.id,
            "room": room.room_attributes.name,
        }))


asyncio.run(main(*sys.argv[1:]))
