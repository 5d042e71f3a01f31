using MbpoML.Acting;
using MbpoML.Algorithms.Offline;
using MbpoML.Algorithms.Offline.Choosing;
using MbpoML.Algorithms.Offline.Verdicts;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Evaluation;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using MbpoML.Policies;
using MbpoML.Policies.SoftActorCritic;
using Microsoft.ML;

namespace MbpoML.Catalog;

/// <summary>Policies from logs alone: <c>mlContext.Reinforcement().Offline</c>.</summary>
public sealed class OfflineCatalog
{
    private readonly ComponentContext _context;

    internal OfflineCatalog(ComponentContext context) => _context = context;

    /// <summary>A policy that does what the log does: the yardstick of everything learned from it.</summary>
    /// <param name="options">Its settings, copied. Default: those of CORL, with early stopping.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public BehaviorCloningTrainer BehaviorCloning(BehaviorCloningTrainer.Options? options = null) => new(_context, options ?? new());

    /// <summary>TD3+BC: values are learned from the log, and the policy is drawn to the logged actions.</summary>
    /// <param name="options">Its settings, copied. Default: those of the paper.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public TD3BCTrainer TD3BC(TD3BCTrainer.Options? options = null) => new(_context, options ?? new());

    /// <summary>Implicit Q-learning: a policy that copies the better ones of the logged actions.</summary>
    /// <param name="options">Its settings, copied. Default: those of the paper.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public IqlTrainer Iql(IqlTrainer.Options? options = null) => new(_context, options ?? new());

    /// <summary>MOPO: a policy learned in a model of the log, whose rewards are lowered where the model is unsure.</summary>
    /// <param name="options">Its settings, copied. Default: λ 10 and 5 steps.</param>
    /// <param name="dynamics">Stage 1: makes the learner of an ensemble. Default: that of <see cref="DefaultDynamics"/>.</param>
    /// <param name="policy">Stage 3: makes a learner of minibatches. Default: soft actor-critic with <see cref="DefaultPolicy"/>.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public MopoTrainer Mopo(MopoTrainer.Options? options = null, IDynamicsEstimator? dynamics = null, IPolicyEstimator? policy = null) =>
        new(_context, options ?? new(), dynamics ?? Dynamics(DefaultDynamics()), policy ?? Policy(DefaultPolicy()));

    /// <summary>MOReL: a policy learned in a model of the log, where what the model does not know ends an episode with a bad reward.</summary>
    /// <param name="options">Its settings, copied. Default: see <see cref="MorelTrainer.Options"/>.</param>
    /// <param name="dynamics">Stage 1: makes the learner of an ensemble. Default: that of <see cref="DefaultDynamics"/>.</param>
    /// <param name="policy">Stage 3: makes a learner of minibatches. Default: soft actor-critic with <see cref="DefaultPolicy"/>.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public MorelTrainer Morel(MorelTrainer.Options? options = null, IDynamicsEstimator? dynamics = null, IPolicyEstimator? policy = null) =>
        new(_context, options ?? new(), dynamics ?? Dynamics(DefaultDynamics()), policy ?? Policy(DefaultPolicy()));

    /// <summary>MOBILE: a policy learned in a model of the log, whose critics are lowered where the members disagree about the value that follows.</summary>
    /// <param name="options">Its settings, copied. Default: λ 1.5 and 5 steps.</param>
    /// <param name="dynamics">Stage 1: makes the learner of an ensemble. Default: that of <see cref="DefaultDynamics"/>.</param>
    /// <param name="policy">
    /// Stage 3: makes a learner of minibatches that says what states are worth (<see cref="IStateValue"/>). Default: soft actor-critic with
    /// <see cref="DefaultPolicy"/>, without entropy in the targets and α at most 1, as in the official code.
    /// </param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public MobileTrainer Mobile(MobileTrainer.Options? options = null, IDynamicsEstimator? dynamics = null, IPolicyEstimator? policy = null) =>
        new(_context, options ?? new(), dynamics ?? Dynamics(DefaultDynamics()), policy ?? Policy(OfflineDefaults.MobilePolicy()));

    /// <summary>The trainer of a preset: an algorithm by its name, with all its settings.</summary>
    /// <param name="preset">The name of the algorithm and its settings.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public IOfflineTrainer Trainer(OfflinePreset preset)
    {
        ArgumentNullException.ThrowIfNull(preset);
        var (dynamics, policy) = (preset.Dynamics is { } model ? Dynamics(model) : null, preset.Policy is { } learner ? Policy(learner) : null);
        return preset.Options switch
        {
            BehaviorCloningTrainer.Options options => BehaviorCloning(options),
            TD3BCTrainer.Options options => TD3BC(options),
            IqlTrainer.Options options => Iql(options),
            MopoTrainer.Options options => Mopo(options, dynamics, policy),
            MorelTrainer.Options options => Morel(options, dynamics, policy),
            MobileTrainer.Options options => Mobile(options, dynamics, policy),
            _ => throw new ArgumentException($"There is no trainer for {preset.Options.GetType().Name}.", nameof(preset)),
        };
    }

    /// <summary>Prepares a judge of policies from a log, which can judge several: the clone of the log, a model, and their calibration.</summary>
    /// <param name="log">Transitions, in the order of time.</param>
    /// <param name="options">Its settings, copied. Default: see <see cref="OfflineJudge.Options"/>.</param>
    /// <param name="dynamics">Makes the learner of the ensemble. Default: that of <see cref="DefaultDynamics"/>, with at most 5000 optimizer steps.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range, or a column is missing.</exception>
    /// <exception cref="ArgumentException">The log cannot be learned from, or no episode is as long as the horizon.</exception>
    /// <exception cref="InvalidOperationException">The model has no members.</exception>
    public OfflineJudge JudgeOf(IDataView log, OfflineJudge.Options? options = null, IDynamicsEstimator? dynamics = null) =>
        new(_context, log, options ?? new(), dynamics ?? Dynamics(OfflineDefaults.JudgedDynamics()));

    /// <summary>Says what a log tells of one policy: better than the log, worse, or not decidable, with everything that this stands on.</summary>
    /// <param name="log">Transitions, in the order of time.</param>
    /// <param name="policy">A policy of the log's sizes; its most likely actions are judged.</param>
    /// <param name="options">Its settings, copied. Default: see <see cref="OfflineJudge.Options"/>.</param>
    /// <param name="dynamics">Makes the learner of the ensemble. Default: as for <see cref="JudgeOf"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range, or a column is missing.</exception>
    /// <exception cref="ArgumentException">The log cannot be learned from, or the policy has other sizes.</exception>
    /// <exception cref="InvalidOperationException">The model has no members.</exception>
    public JudgeReport Judge(IDataView log, IPolicy policy, OfflineJudge.Options? options = null, IDynamicsEstimator? dynamics = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        using var judge = JudgeOf(log, options, dynamics);
        return judge.Judge(policy);
    }

    /// <summary>Chooses among policies with a few real episodes: a bandit tries those that look best, and tells return against episodes spent.</summary>
    /// <param name="candidates">The policies, such as those of several methods or settings; their most likely actions are tried.</param>
    /// <param name="environment">The plant. The caller keeps and disposes it.</param>
    /// <param name="episodes">Real episodes in all, at least as many as candidates.</param>
    /// <param name="exploration">
    /// α of the upper confidence bound, at least 0: how much a candidate that was tried little counts. Default: 2 (UCB1, unifloral).
    /// </param>
    /// <param name="seed">Decides the starts of the episodes.</param>
    /// <param name="maxEpisodeSteps">Cuts episodes that the environment does not end.</param>
    /// <param name="cancellationToken">Cancels the choice; checked at every step.</param>
    /// <exception cref="ArgumentException">There is no candidate, one is null or has other sizes than the environment, or there are fewer episodes than
    /// candidates.</exception>
    /// <exception cref="EnvironmentException">The environment failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public OnlineChoice ChooseOnline(
        IReadOnlyList<IPolicy> candidates, IEnvironment environment, int episodes, double exploration = 2, int seed = 0,
        int maxEpisodeSteps = PolicyEvaluator.DefaultMaxEpisodeSteps, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        environment.RequireSpaces();
        if (candidates.Count == 0 || candidates.Any(candidate => candidate is null))
            throw new ArgumentException("Give at least one candidate, and none that is null.", nameof(candidates));
        if (episodes < candidates.Count)
            throw new ArgumentOutOfRangeException(
                nameof(episodes), episodes, Invariant($"episodes must be at least {candidates.Count}: each candidate is tried once."));
        Check.NotNegative(exploration);
        Check.AtLeast(1, maxEpisodeSteps);
        using var threads = TorchThreads.Use(1);
        return OnlineChooser.Choose(candidates, environment.Guarded(), episodes, exploration, seed, maxEpisodeSteps, cancellationToken);
    }

    /// <summary>The settings of the ensemble that methods with a model fit to a log, to change: <c>rl.Dynamics.ProbabilisticEnsemble(options)</c>.</summary>
    /// <remarks>
    /// They are MBPO's, with at most 1000 held-out rows (OfflineRL-Kit), targets of unit variance, so that a unit of the plant does not matter, and at most
    /// 20,000 optimizer steps, some 15 minutes on one core. The last two are our choice.
    /// </remarks>
    public ProbabilisticEnsembleTrainer.Options DefaultDynamics() => OfflineDefaults.Dynamics();

    /// <summary>The settings of soft actor-critic that methods with a model have, to change: <c>rl.Policies.SoftActorCritic(options)</c>.</summary>
    /// <remarks>
    /// The actor learns with 3e-4 and the entropy coefficient with 1e-3, our choice for 100,000 updates; OfflineRL-Kit has 1e-4 for both, and 3 million.
    /// Observations and rewards are scaled, so that a unit of the plant does not matter; that is our choice, too.
    /// </remarks>
    public SoftActorCriticTrainer.Options DefaultPolicy() => OfflineDefaults.Policy();

    private ProbabilisticEnsembleTrainer Dynamics(ProbabilisticEnsembleTrainer.Options options) => new(_context, options, TransitionColumns.Default);

    private SoftActorCriticTrainer Policy(SoftActorCriticTrainer.Options options) => new(_context, options, TransitionColumns.Default);
}
