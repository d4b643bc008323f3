// Reads one calendar from standard input as a program in JavaScript would, and writes what it found as JSON.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));

function person(property) {
  const parameter = (name) => property.getParameter(name) ?? null;
  return {
    address: property.getFirstValue(),
    name: parameter("cn"),
    role: parameter("role"),
    partstat: parameter("partstat"),
    rsvp: parameter("rsvp"),
  };
}

function event(component) {
  const found = new ICAL.Event(component);
  const organizer = component.getFirstProperty("organizer");
  return {
    uid: found.uid,
    sequence: found.sequence,
    summary: found.summary,
    description: found.description,
    location: found.location,
    starts: found.startDate.isDate ? found.startDate.toString() : found.startDate.toJSDate().toISOString(),
    ends: found.endDate.isDate ? found.endDate.toString() : found.endDate.toJSDate().toISOString(),
    zone: component.getFirstPropertyValue("x-rapport-zone"),
    status: component.getFirstPropertyValue("status"),
    url: component.getFirstPropertyValue("url"),
    organizer: organizer && person(organizer),
    attendees: component.getAllProperties("attendee").map(person),
  };
}

console.log(JSON.stringify({
  method: calendar.getFirstPropertyValue("method"),
  version: calendar.getFirstPropertyValue("version"),
  prodid: calendar.getFirstPropertyValue("prodid"),
  name: calendar.getFirstPropertyValue("x-wr-calname"),
  events: calendar.getAllSubcomponents("vevent").map(event),
}));
