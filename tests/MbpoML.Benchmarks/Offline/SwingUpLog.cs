using MbpoML.Data;
using MbpoML.Environments.Tasks;
using MbpoML.Numerics.Random;

namespace MbpoML.Benchmarks.Offline;

/// <summary>A log of the pendulum under a controller that swings it up by its energy and holds it there, with noise on its torque.</summary>
internal static class SwingUpLog
{
    private const double MostTorque = 2;

    // N m, of the noise: without it nothing could be learned about other torques.
    private const double Noise = 0.5;

    /// <summary>Records episodes of 200 steps.</summary>
    /// <param name="episodes">Their number.</param>
    /// <param name="seed">Decides starts and noise.</param>
    public static IEnumerable<Transition> Record(int episodes, int seed)
    {
        using var pendulum = new PendulumEnvironment();
        var random = new RandomSource(seed);
        var (before, after, torque) = (new double[3], new double[3], new double[1]);
        for (var episode = 0; episode < episodes; episode++)
        {
            pendulum.Reset(Seeds.Derive(seed, "log", episode), before);
            for (var isOver = false; !isOver;)
            {
                torque[0] = Math.Clamp(Torque(before) + (Noise * random.NextNormal()), -MostTorque, MostTorque);
                var result = pendulum.Step(torque, after);
                yield return new Transition
                {
                    Observation = Floats(before),
                    Action = Floats(torque),
                    Reward = (float)result.Reward,
                    NextObservation = Floats(after),
                    Terminated = result.Terminated,
                    Truncated = result.Truncated,
                };
                isOver = result.Done;
                after.CopyTo(before, 0);
            }
        }
    }

    // Near the top a weak spring and damper; elsewhere along the motion, until the energy is that of standing up.
    private static double Torque(double[] observation)
    {
        var (cosine, sine, speed) = (observation[0], observation[1], observation[2]);
        if (cosine > 0.8) return (-12 * Math.Atan2(sine, cosine)) - (2 * speed);
        var energy = (speed * speed / 6) + (5 * (cosine - 1));
        return energy < 0 ? (speed >= 0 ? 1.5 : -1.5) : -0.5 * speed;
    }

    private static float[] Floats(double[] values) => Array.ConvertAll(values, value => (float)value);
}
