using MbpoML.Data;
using MbpoML.Imagination;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Policies.OnPolicy;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.MeTrpo;

/// <summary>
/// One optimization of the policy in a fitted model (ME-TRPO, algorithm 2, lines 6 to 11). It makes updates from imagined episodes and validates them in every
/// member, until it finds no better policy. Then it takes the last one that was kept.
/// </summary>
internal sealed class PolicyOptimization : ISaved, IDisposable
{
    private const string KeptState = "kept", BeforeState = "before", ChangeState = "last-change", StartState = "starts", ValidationState = "validation-starts",
        RandomState = "random-state", RunningState = "is-running";

    // More than any options ask for.
    private const long MostStarts = 10_000_000;

    private readonly IEpisodeLearner _learner;
    private readonly IParameterizedLearner _policy;
    private readonly TransitionLayout _layout;
    private readonly BranchedRolloutGenerator _rollouts;
    private readonly MemberReturns _returns;
    private readonly PolicyValidation _validation;
    private readonly Generator _generator;
    private readonly bool _resetsDeviation;
    private readonly Tensor _kept, _before;
    private Tensor _starts, _validationStarts;

    /// <param name="learner">Learns; stays the caller's. It is an <see cref="IParameterizedLearner"/> too.</param>
    /// <param name="settings">How policies are validated.</param>
    /// <param name="layout">The sizes.</param>
    /// <param name="rollouts">Imagines what the policy learns from.</param>
    /// <param name="returns">Imagines what it is validated by.</param>
    /// <param name="seed">Decides the starts, actions and predictions.</param>
    public PolicyOptimization(
        IEpisodeLearner learner, MeTrpoSettings settings, TransitionLayout layout, ImaginedEnvironment rollouts, MemberReturns returns, int seed)
    {
        (_learner, _policy, _layout, _returns) = (learner, (IParameterizedLearner)learner, layout, returns);
        (_rollouts, _validation) = (new BranchedRolloutGenerator(rollouts, rule: null), new PolicyValidation(settings));
        _resetsDeviation = settings.ResetsDeviation;
        _generator = new Generator((ulong)Seeds.Derive(seed, "imagined-episodes"), CPU);
        using var scope = NewDisposeScope();
        _kept = _policy.Parameters.detach().clone().DetachFromDisposeScope();
        _before = _kept.clone().DetachFromDisposeScope();
        LastChange = zeros_like(_kept).DetachFromDisposeScope();
        (_starts, _validationStarts) = (NoStarts(), NoStarts());
    }

    public string Name => "optimization";

    /// <summary>Whether there are updates to be made.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>How the last whole optimization changed the numbers of the policy, [parameters].</summary>
    public Tensor LastChange { get; }

    /// <summary>Begins with the policy as it is, in the model as it is.</summary>
    /// <param name="starts">Where imagined episodes begin, [starts, observation]; copied.</param>
    /// <param name="validationStarts">Where those of the validations begin; copied.</param>
    public void Begin(Tensor starts, Tensor validationStarts)
    {
        using var noGradient = no_grad();
        Keep(ref _starts, starts);
        Keep(ref _validationStarts, validationStarts);
        // The mean policy of the optimization before would hardly explore in the new model.
        if (_resetsDeviation) _policy.ResetDeviation();
        _before.copy_(_policy.Parameters);
        _kept.copy_(_policy.Parameters);
        _validation.Begin(_returns.Of(_policy, _validationStarts));
        IsRunning = true;
    }

    /// <summary>One update, the validation that may be due after it, and the end that may follow.</summary>
    public void Update()
    {
        using var noGradient = no_grad();
        Learn();
        _validation.CountUpdate();
        if (_validation.IsDue && _validation.Observe(_returns.Of(_policy, _validationStarts))) _kept.copy_(_policy.Parameters);
        if (!_validation.IsOver) return;
        _policy.Parameters.copy_(_kept);
        LastChange.copy_(_kept);
        LastChange.sub_(_before);
        IsRunning = false;
    }

    /// <summary>One update from imagined episodes, and nothing else.</summary>
    public void Learn()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        if (_starts.size(0) == 0) throw new InvalidOperationException("There is no model yet in which episodes could be imagined.");
        var chosen = randint(_starts.size(0), [_learner.EpisodesPerUpdate], ScalarType.Int64, generator: _generator).to(_starts.device);
        _learner.Update(
            EpisodeImagination.Imagine(_rollouts, _starts.index_select(0, chosen), _learner.EpisodeSteps, _learner, _generator, _layout));
    }

    /// <summary>What was found in the optimization so far, by metric name.</summary>
    public IReadOnlyDictionary<string, double> Metrics() => new Dictionary<string, double>
    {
        [MeTrpoMetrics.Updates] = _validation.Updates,
        [MeTrpoMetrics.Kept] = _validation.Kept,
        [MeTrpoMetrics.Share] = _validation.Share,
        [MeTrpoMetrics.Return] = _validation.Return,
    };

    public void Save(IStateWriter to)
    {
        foreach (var (name, value) in Saved()) to.Add(name, value);
        to.Add(StartState, _starts);
        to.Add(ValidationState, _validationStarts);
        to.Add(RunningState, IsRunning ? 1 : 0);
        SavedPart.Save(to, RandomState, _generator);
        _validation.Save(to.Under("validation"));
    }

    public void Restore(IStateReader from)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var values = Saved().Select(own => (own.Tensor, Saved: from.Tensor(own.Name, ScalarType.Float32, own.Tensor.shape))).ToArray();
        var (starts, validationStarts) = (Starts(from, StartState), Starts(from, ValidationState));
        var isRunning = from.WholeNumber(RunningState) switch
        {
            0 => false,
            1 when starts.size(0) > 0 && validationStarts.size(0) > 0 => true,
            _ => throw from.Damaged($"'{RunningState}' makes no sense"),
        };
        _validation.Restore(from.Under("validation"));
        SavedPart.Restore(from, RandomState, _generator);
        foreach (var (own, value) in values) own.copy_(value);
        Keep(ref _starts, starts);
        Keep(ref _validationStarts, validationStarts);
        IsRunning = isRunning;
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[_kept, _before, LastChange, _starts, _validationStarts]) tensor.Dispose();
        _generator.Dispose();
    }

    private (string Name, Tensor Tensor)[] Saved() => [(KeptState, _kept), (BeforeState, _before), (ChangeState, LastChange)];

    private Tensor Starts(IStateReader from, string name)
    {
        var starts = from.Tensor(name);
        if (starts.dtype != ScalarType.Float32 || starts.dim() != 2 || starts.size(1) != _layout.ObservationSize || starts.size(0) > MostStarts)
            throw from.Damaged($"'{name}' is {starts.dtype} [{string.Join(", ", starts.shape)}], but must be start states");
        return starts;
    }

    private Tensor NoStarts() => zeros(0, _layout.ObservationSize, ScalarType.Float32).DetachFromDisposeScope();

    private void Keep(ref Tensor kept, Tensor value)
    {
        kept.Dispose();
        using var scope = NewDisposeScope();
        kept = value.to(_learner.Device, copy: true).DetachFromDisposeScope();
    }
}
