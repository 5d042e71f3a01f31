using MbpoML.Acting;
using MbpoML.Catalog;
using MbpoML.Components;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Evaluation;
using MbpoML.Numerics.Torch;
using Microsoft.Extensions.Logging;
using Microsoft.ML;

namespace MbpoML;

/// <summary>Reinforcement learning for ML.NET: the door to everything in MbpoML. Made by <see cref="ReinforcementExtensions.Reinforcement"/>.</summary>
public sealed partial class ReinforcementCatalog
{
    private readonly ComponentContext _context;

    internal ReinforcementCatalog(MLContext mlContext, ILoggerFactory? loggerFactory)
    {
        TorchRuntime.EnsureAvailable();
        _context = new ComponentContext(mlContext, loggerFactory);
        Environments = new EnvironmentCatalog(_context);
        Data = new DataCatalog(_context);
        Dynamics = new DynamicsCatalog(_context);
        Rollouts = new RolloutCatalog(_context);
        Policies = new PolicyCatalog(_context);
        Planning = new PlanningCatalog();
        Diagnostics = new DiagnosticsCatalog(_context);
        Offline = new OfflineCatalog(_context);
    }

    /// <summary>The ready-made tasks.</summary>
    public EnvironmentCatalog Environments { get; }

    /// <summary>Transitions as data views.</summary>
    public DataCatalog Data { get; }

    /// <summary>Stage 1: dynamics models.</summary>
    public DynamicsCatalog Dynamics { get; }

    /// <summary>Stage 2: imagined rollouts.</summary>
    public RolloutCatalog Rollouts { get; }

    /// <summary>Stage 3: policy optimization.</summary>
    public PolicyCatalog Policies { get; }

    /// <summary>Planning: optimizers of action sequences.</summary>
    public PlanningCatalog Planning { get; }

    /// <summary>How far a model can be trusted, measured.</summary>
    public DiagnosticsCatalog Diagnostics { get; }

    /// <summary>Policies from logs alone, and what can be said of them.</summary>
    public OfflineCatalog Offline { get; }

    /// <summary>Runs whole episodes of a policy, with its most likely actions, and measures their returns.</summary>
    /// <param name="policy">A policy of the environment's sizes.</param>
    /// <param name="environment">The task; it is reset before each episode.</param>
    /// <param name="episodes">Episodes to run, at least 1.</param>
    /// <param name="seed">Determines the episodes' starts: equal seeds compare policies on equal starts.</param>
    /// <param name="maxEpisodeSteps">Cuts episodes that the environment does not end.</param>
    /// <param name="stochastic">Draw the actions from the policy instead.</param>
    /// <exception cref="ArgumentException">The policy's sizes are not the environment's, or a number is below 1.</exception>
    /// <exception cref="EnvironmentException">The environment failed.</exception>
    /// <exception cref="InvalidOperationException">The policy gave something else than one action.</exception>
    public PolicyMetrics Evaluate(
        IPolicy policy, IEnvironment environment, int episodes = 10, int seed = 0, int maxEpisodeSteps = PolicyEvaluator.DefaultMaxEpisodeSteps,
        bool stochastic = false)
    {
        ArgumentNullException.ThrowIfNull(policy);
        environment.RequireSpaces();
        using var threads = TorchThreads.Use(1);
        return PolicyEvaluator.Evaluate(policy, environment.Guarded(), episodes, seed, maxEpisodeSteps, stochastic);
    }
}
