import { megabytes, type RunFacts, rowsOf, seconds } from './report.ts';
import type { Tally } from './tally.ts';

const number = (value: number): string => value.toLocaleString('en');

/** `docs/reliability.md`, from the figures of a run. */
export function document(tally: Tally, facts: RunFacts, version: string): string {
  const { seeds, minutes, took, parts } = facts;
  const command = `npm run torture -- --minutes ${minutes} --seed ${seeds.join(',')} --write-docs`;
  const outputs = [...tally.byOutput].map(([output, count]) => `${number(count)} of ${output}`).join(', ');
  const sections = [
    `# Reliability

This page is written by a program that is hostile to the bridge: \`npm run torture\`. It starts the built program as a process, with simulated meters at line speed (1200 baud) on pseudo-terminals and on TCP, a real Mosquitto, and servers for InfluxDB and the webhook. Then it does to them what the world does: to the line, the broker, the servers, the disk, the clock, the files and the program itself. Everything that is published at any output is compared with what the simulated meter held at that moment.

| | |
| --- | --- |
| command | \`${command}\` |
| version | ${version}, Node ${process.version.slice(1)} |
| lasted | ${number(Math.round(took / 60_000))} minutes, with a bridge of its own for each part, all at once |
| values compared | **${number(tally.sum('compared'))}**: ${outputs} |
| wrong | **${number(tally.sum('wrong'))}** |
| faults | ${number(tally.sum('episodes'))} episodes, in which ${number(tally.sum('struck'))} replies, connections, files and the like were spoiled |
| readings and values refused | ${number(tally.sum('refused'))} |
| not recovered in time | ${number(tally.sum('notRecovered'))} |
| most memory of a bridge | ${megabytes(Math.max(...tally.memory.values()))} MB |

What the columns mean: **compared**, values published while the fault was at work and until all was well again; **wrong**, those that the meter did not hold; **refused**, readings that failed and values that were held back; **recovery**, the longest time from the end of the fault until the meter had a fresh state at the broker, was available, and had its entities in Home Assistant. Meters are read every three seconds, so that up to three seconds of it are the schedule's.`,
    ...parts.map(({ name, what, faults = [] }) => {
      const told = new Map(faults);
      const rows = rowsOf(tally, name)
        .filter(({ episodes }) => episodes > 0)
        .map(
          ({ fault, episodes, compared, wrong, refused, longestRecovery }) =>
            `| ${told.get(fault) ?? fault} | ${episodes} | ${number(compared)} | ${wrong} | ${number(refused)} | ${seconds(longestRecovery)} s |`,
        );
      return `## ${capital(what)}

| fault | episodes | compared | wrong | refused | recovery |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}`;
    }),
    ...(tally.skipped.length === 0
      ? []
      : [`Left out in this run: ${tally.skipped.map(({ part, why }) => `${part} (${why})`).join('; ')}.`]),
    ...(tally.findings.size === 0 ? [] : [found(tally)]),
    METHOD,
  ];
  return `${sections.join('\n\n')}\n`;
}

const METHOD = `## How it is compared

- A simulated meter notes what each of its registers held from the beginning of a request to the end of the reply. Its counters run twenty times as fast as real ones, so that the value of an earlier reading is not right by chance.
- InfluxDB and CSV files say when a value was read: it must be what the meter held at that moment, give or take less than the three seconds until the next reading, and what this program itself was late; where replies come late, stretched or twice, at a moment of the same reading (eight seconds). States at the broker, the webhook and Prometheus show the last known value of each quantity, and Domoticz is told no time: the value must have been held, and none may be older than one shown before. A bridge that starts anew on a disk that took nothing is an exception at the webhook: until a detail is read again, it may send the value of its last write.
- In the meter's own unit a value must be the same to its last digit. In another unit it is converted here once more, and must agree to the last digit that was published. The unit is the one that Home Assistant's discovery says at that moment.
- What follows from registers is held against its definition: a day's or month's use is never below zero and never more than the total has moved, a fine total never further from the total than its last digit, texts and problems are those of an info code of 0. The meter's clock and its drift are left out, because the simulated clocks run twenty times as fast.
- A damaged reply whose checksum is right by chance (one in 65,536) is drawn again: nobody could tell it. Another meter's reply is only given where it has a total in it, and not three times in a row: three that agree are a meter that was set anew. A digit that was changed in a state file is no mutation, for the same reason.
- A post to the webhook that is older than the one before is a failure, but for what waited on a disk that could not be opened, and while the clock jumps.
- Besides wrong values, these are failures: an exception in the log, the program ending by itself or not ending when asked to, no fresh state 90 seconds after a fault ended, readings that InfluxDB never gets, files left behind, memory that grows, a processor that is busy for ten seconds.
- The meters are simulated: this says what the bridge makes of what arrives, not what a head on a real meter sees. [Meters](meters.md#what-was-verified) says what the simulated ones are made of.
- What is injected follows from the seed, and is the same in every run; when it meets the bridge is up to the machine.

\`npm run torture -- --help\` tells the options: \`--only line\` runs one part, \`--keep FOLDER\` keeps logs and data. CI runs a few minutes of it.`;

function found(tally: Tally): string {
  const rows = [...tally.findings.values()].map(
    ({ part, fault, what, count }) => `- ${part}, ${fault}: ${what} (${count} times)`,
  );
  return `## What went wrong\n\n${rows.join('\n')}`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
