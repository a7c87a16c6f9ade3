// Questions on stdin, one JSON array -> whether IAM allows each, one JSON array on stdout.
import { runSimulation } from '@cloud-copilot/iam-simulate'
import { text } from 'node:stream/consumers'

const answers = []
for (const question of JSON.parse(await text(process.stdin))) {
  const answer = await runSimulation(
    { ...question, serviceControlPolicies: [], resourceControlPolicies: [] },
    {}
  )
  answers.push(answer.overallResult ?? { errors: answer.errors })
}
process.stdout.write(JSON.stringify(answers))
