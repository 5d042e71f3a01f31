// Trains a pendulum, and shows what OpenTelemetry gets to see of it: counters, gauges and times of stages, and an activity for each fit, rollout, evaluation
// and checkpoint. Another exporter, such as that of OTLP, takes the place of the console's.
using MbpoML;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Training.Metrics;
using Microsoft.ML;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

using var meters = Sdk.CreateMeterProviderBuilder().AddMeter(RunTelemetry.SourceName).AddConsoleExporter().Build();
using var traces = Sdk.CreateTracerProviderBuilder().AddSource(RunTelemetry.SourceName).AddConsoleExporter().Build();

var rl = new MLContext(seed: 1).Reinforcement();
using var environment = rl.Environments.Pendulum();
var preset = MbpoPresets.Pendulum();
if (args is [var steps]) preset.Trainer.Steps = int.Parse(steps, System.Globalization.CultureInfo.InvariantCulture);
using var policy = rl.Mbpo(environment, preset).Fit();
meters.ForceFlush();
