using MbpoML.Data;
using MbpoML.Numerics.Random;

namespace FromLogs;

/// <summary>Records the plant under its controller, as a historian would.</summary>
public static class PlantLog
{
    // Operators, other loops and tests disturb every real log; without that, nothing could be learned from it.
    private const double Dither = 12;                 // %

    // Now and then somebody sets a heater by hand and looks what happens: what was never tried, no log can tell.
    private const double ShareByHand = 0.1;
    private const int StepsByHand = 6;

    /// <summary>Runs episodes.</summary>
    /// <param name="episodes">10 minutes each.</param>
    /// <param name="seed">Decides starts and disturbances.</param>
    public static IEnumerable<Transition> Record(int episodes, int seed)
    {
        using var plant = new ThermalPlant();
        var (controller, random) = (new PidController(), new RandomSource(seed));
        var (before, after, action, byHand) = (new double[6], new double[6], new double[2], new double?[2]);
        for (var episode = 0; episode < episodes; episode++)
        {
            plant.Reset(Seeds.Derive(seed, "log", episode), before);
            controller.Begin();
            var isOver = false;
            for (var step = 0; !isOver; step++)
            {
                controller.Act(before, action);
                for (var loop = 0; loop < 2; loop++)
                {
                    if (step % StepsByHand == 0) byHand[loop] = random.NextUniform(0, 1) < ShareByHand ? random.NextUniform(0, 100) : null;
                    action[loop] = byHand[loop] ?? Math.Clamp(action[loop] + (Dither * random.NextNormal()), 0, 100);
                }

                var result = plant.Step(action, after);
                yield return new Transition
                {
                    Observation = Floats(before),
                    Action = Floats(action),
                    Reward = (float)result.Reward,
                    NextObservation = Floats(after),
                    Truncated = result.Truncated,
                };
                isOver = result.Done;
                after.CopyTo(before, 0);
            }
        }
    }

    /// <summary>The mean return of the controller alone, without disturbances.</summary>
    public static double ReturnOfController(int episodes, int seed)
    {
        using var plant = new ThermalPlant();
        var controller = new PidController();
        var (observation, action, total) = (new double[6], new double[2], 0.0);
        for (var episode = 0; episode < episodes; episode++)
        {
            plant.Reset(Seeds.Derive(seed, "evaluation-episode", episode), observation);
            controller.Begin();
            for (var isOver = false; !isOver;)
            {
                controller.Act(observation, action);
                var result = plant.Step(action, observation);
                total += result.Reward;
                isOver = result.Done;
            }
        }

        return total / episodes;
    }

    private static float[] Floats(double[] values) => Array.ConvertAll(values, value => (float)value);
}
