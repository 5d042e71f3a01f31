using MbpoML.Algorithms;
using MbpoML.Algorithms.DoubleHorizon.Presets;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Algorithms.MeTrpo.Presets;
using MbpoML.Algorithms.Pets.Presets;
using MbpoML.Algorithms.PlaNet.Presets;
using MbpoML.Algorithms.Ppo.Presets;
using MbpoML.Environments;
using MbpoML.Training.Presets;

namespace MbpoML.Experiments.Tasks;

/// <summary>An algorithm that runs can be of: MBPO, its successors, and the baselines that its paper compares with.</summary>
/// <param name="Name">What is written on the command line.</param>
/// <param name="Label">What pictures and tables call it.</param>
/// <param name="Summary">The algorithm in one line of text.</param>
/// <param name="Apply">Makes the algorithm's settings from a task's.</param>
public sealed record Algorithm(string Name, string Label, string Summary, Func<MbpoPreset, AlgorithmPreset> Apply)
{
    /// <summary>All of them; the first is the default.</summary>
    public static IReadOnlyList<Algorithm> All { get; } =
    [
        new("mbpo", "MBPO", "model-based policy optimization", preset => preset),
        new("dhmbpo", "DHMBPO", "double-horizon MBPO: the policy is improved through the model, with one update a step", preset => preset.DoubleHorizon()),
        new("pets", "PETS", "no policy: each action is planned with an ensemble, which is fitted after each episode", preset => preset.Pets()),
        new("metrpo", "ME-TRPO", "trust region steps on episodes that an ensemble imagines, kept where most of it agrees", preset => preset.MeTrpo()),
        new("planet", "PlaNet", "for tasks seen as pictures: a latent model is learned, and each action is planned in it", preset => preset.PlaNet()),
        new("dyna", "Dyna", "MBPO with imagined rollouts of one step", preset => preset.Dyna()),
        new("sac", "SAC", "soft actor-critic alone, as published: no model, one update a step", preset => preset.WithoutModel()),
        new("ppo", "PPO", "proximal policy optimization: no model, learns from the steps of its own policy alone", preset => preset.Ppo()),
    ];

    /// <summary>One of a program's own. Its runs can be looked at; only the program can go on with them.</summary>
    public static Algorithm Custom { get; } = new("custom", "custom algorithm", "an algorithm of a program of one's own", preset => preset);

    /// <summary>A trainer with the settings of any of the algorithms.</summary>
    /// <param name="rl">The catalog that makes the trainer.</param>
    /// <param name="environment">The environment in which the run takes its real steps.</param>
    /// <param name="settings">The settings of the algorithm and of its stages.</param>
    /// <exception cref="ArgumentException">A setting cannot be used.</exception>
    public static IPolicyTrainer CreateTrainer(ReinforcementCatalog rl, IEnvironment environment, AlgorithmPreset settings)
    {
        ArgumentNullException.ThrowIfNull(rl);
        return settings switch
        {
            MbpoPreset mbpo => rl.Mbpo(environment, mbpo),
            DoubleHorizonPreset doubleHorizon => rl.DoubleHorizonMbpo(environment, doubleHorizon),
            PetsPreset pets => rl.Pets(environment, pets),
            MeTrpoPreset meTrpo => rl.MeTrpo(environment, meTrpo),
            PpoPreset ppo => rl.Ppo(environment, ppo),
            PlaNetPreset planet => rl.PlaNet(environment, planet),
            null => throw new ArgumentNullException(nameof(settings)),
            _ => throw new ArgumentException($"{settings.GetType().Name} is of no algorithm that is known here.", nameof(settings)),
        };
    }

    /// <summary>The algorithm of a name, whatever its case.</summary>
    /// <param name="name">One of the names in <see cref="All"/>; upper and lower case count as the same.</param>
    /// <exception cref="RunSpecException">There is none; the message names the nearest.</exception>
    public static Algorithm Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.Append(Custom).FirstOrDefault(algorithm => algorithm.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw RunSpecException.Unknown("algorithm", name, [.. All.Select(algorithm => algorithm.Name)]);
    }
}
