using System.Runtime.InteropServices;
using MbpoML.Data;
using MbpoML.Dynamics.Ensemble.Fused;
using MbpoML.Dynamics.Ensemble.Serving;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Scaling;
using MbpoML.Numerics.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>
/// A fitted ensemble as a dynamics model: standardises what goes in, evaluates members, and gives rewards and next observations in the environment's units.
/// </summary>
internal sealed class EnsembleModel : IEnsembleDynamicsModel, IDifferentiableDynamicsModel, IWholeEnsemble, IRolloutModel, IObservationScaling,
    IDisposable
{
    // The activations of a block stay in the processor's cache: one pass over all rows would run from memory. A GPU wants many rows at once.
    private const int CpuBlockRows = 1024;
    private const int GpuBlockRows = 65_536;

    private readonly FusedSampler? _sampler;

    public EnsembleModel(TransitionLayout layout, ProbabilisticEnsembleTrainer.Options options, Device device)
    {
        Layout = layout;
        Device = device;
        Network = new EnsembleNetwork(
            options.MemberCount, layout.ObservationSize + layout.ActionSize, options.HiddenSizes, 1 + layout.ObservationSize, Device,
            isPoint: options.Loss == DynamicsLoss.SquaredError);
        InputScale = new Standardizer(layout.ObservationSize + layout.ActionSize, Device);
        Codec = new TargetCodec(layout, options.Target, options.TargetNormalization, Device);
        Elites = [.. Enumerable.Range(0, options.EliteCount)];
        if (options.Acceleration == Acceleration.Reference || Device.type != DeviceType.CPU) return;
        Workers = new FusedWorkers(Network, options.Workers);
        _sampler = new FusedSampler(this, Workers);
    }

    public TransitionLayout Layout { get; }

    public Device Device { get; }

    public EnsembleNetwork Network { get; }

    /// <summary>Scales observation and action together, as last fitted on a training split.</summary>
    public Standardizer InputScale { get; }

    public TargetCodec Codec { get; }

    /// <summary>The threads of the CPU's fast path; null where it is not used.</summary>
    public FusedWorkers? Workers { get; }

    /// <summary>The members that predict, best first.</summary>
    public IReadOnlyList<int> Elites { get; set; }

    public int EliteCount => Elites.Count;

    public bool ScalesObservations => true;

    public ObservationScale? ObservationScale => new(InputScale.Mean, InputScale.Deviation);

    /// <summary>
    /// One imagined step a row: an elite drawn independently for each row and call ("TS1"), then a draw from its normal distribution (models/fake_env.py). A
    /// network that predicts means alone draws nothing.
    /// </summary>
    public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var batch = CheckedBatch(observation, action);
        var (drawn, noise) = Draw(batch, generator);
        return Sampled(observation, action, drawn, noise);
    }

    public DynamicsSample SampleMembers(Tensor observation, Tensor action, Tensor members, Generator generator)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var batch = CheckedBatch(observation, action);
        TensorCheck.Alive(generator);
        CheckMembers(members, batch);
        return Sampled(observation, action, members, randn(batch, 1 + Layout.ObservationSize, ScalarType.Float32, generator: generator));
    }

    public bool RollsOut => _sampler is not null;

    public Tensor SampleRollouts(Tensor observation, Tensor actions, Tensor members, Generator generator)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (steps, batch, outputs) = (actions.size(0), CheckedBatch(observation, actions.select(0, 0)), 1 + Layout.ObservationSize);
        CheckMembers(members, batch);
        // Step by step, so that the numbers are those of single steps.
        var noise = empty([steps, batch, outputs], ScalarType.Float32);
        for (var step = 0; step < steps; step++) noise.select(0, step).normal_(generator: generator);
        return _sampler!.SampleRollouts(observation, actions, members, noise).view(steps * batch, outputs).MoveToOuterDisposeScope();
    }

    private void CheckMembers(Tensor members, long batch)
    {
        TensorCheck.Alive(members);
        if (members.dtype != ScalarType.Int64 || members.dim() != 1 || members.size(0) != batch)
            throw new ArgumentException(
                Invariant($"The members are {members.dtype} [{string.Join(", ", members.shape)}], but must be Int64 [{batch}]."), nameof(members));
        using var onCpu = members.cpu();
        foreach (var member in MemoryMarshal.Cast<byte, long>(onCpu.contiguous().bytes))
            if (member < 0 || member >= EliteCount)
                throw new ArgumentOutOfRangeException(nameof(members), member, Invariant($"members must be from 0 to {EliteCount - 1}."));
    }

    // To the scope around the caller's.
    private DynamicsSample Sampled(Tensor observation, Tensor action, Tensor drawn, Tensor noise)
    {
        var outcome = _sampler is null ? SampleDrawn(observation, action, drawn, noise) : _sampler.Sample(observation, action, drawn, noise);
        return new DynamicsSample(outcome.narrow(1, 1, Layout.ObservationSize).MoveToOuterDisposeScope(), outcome.select(1, 0).MoveToOuterDisposeScope());
    }

    /// <summary>The randomness of a step: an elite for each row, drawn independently, and its noise.</summary>
    /// <param name="batch">Rows.</param>
    /// <param name="generator">The generator of all random numbers.</param>
    /// <returns>
    /// Indices into <see cref="Elites"/>, int64 [batch], and standard normal noise, [batch, 1 + observation], both on the CPU; the caller disposes them.
    /// </returns>
    internal (Tensor Drawn, Tensor Noise) Draw(long batch, Generator generator)
    {
        TensorCheck.Alive(generator);
        var drawn = randint(EliteCount, [batch], ScalarType.Int64, generator: generator);
        return (drawn, randn(batch, 1 + Layout.ObservationSize, ScalarType.Float32, generator: generator));
    }

    /// <summary>
    /// Memory for an imagined step of so many rows and the backward pass through it, on the fast path of the CPU or by automatic differentiation.
    /// </summary>
    internal EnsembleStep CreateStep(int batch) =>
        Workers is { } workers ? new FusedEnsembleStep(this, workers, batch) : new ReferenceEnsembleStep(this, batch);

    IDifferentiableStep IDifferentiableDynamicsModel.CreateStep(int batch) => CreateStep(batch);

    /// <summary>Draws from what the elite drawn for each row predicts, on any device; differentiable by observation and action.</summary>
    /// <param name="observation">[batch, observation]</param>
    /// <param name="action">[batch, action]</param>
    /// <param name="drawn">int64 [batch], on the CPU: an index into <see cref="Elites"/> for each row.</param>
    /// <param name="noise">[batch, 1 + observation], standard normal.</param>
    /// <returns>[batch, 1 + observation], environment units.</returns>
    internal Tensor SampleDrawn(Tensor observation, Tensor action, Tensor drawn, Tensor noise)
    {
        var (mean, deviation) = PredictDrawn(observation, action, drawn);
        if (Network.IsPoint) return mean;
        return noise.to(mean.device, copy: true).mul_(deviation).AddInPlace(mean);
    }

    /// <summary>
    /// Each row's mean and standard deviation according to the elite drawn for it; each row goes through that one network only. Differentiable by observation
    /// and
    /// action.
    /// </summary>
    /// <param name="observation">[batch, observation]</param>
    /// <param name="action">[batch, action]</param>
    /// <param name="drawn">int64 [batch], on the CPU: an index into <see cref="Elites"/> for each row.</param>
    /// <returns>Both [batch, 1 + observation], environment units.</returns>
    internal (Tensor Mean, Tensor Deviation) PredictDrawn(Tensor observation, Tensor action, Tensor drawn)
    {
        using var scope = NewDisposeScope();
        var order = drawn.argsort().to(Device);
        var grouped = Inputs(observation, action).index_select(0, order);
        var counts = bincount(drawn, minlength: EliteCount).data<long>().ToArray();
        var groupedOutput = empty(grouped.size(0), 2 * (1 + Layout.ObservationSize), ScalarType.Float32, Device);
        var start = 0L;
        for (var elite = 0; elite < EliteCount; start += counts[elite++])
            ForwardInBlocks(Elites[elite], grouped.narrow(0, start, counts[elite]), groupedOutput.narrow(0, start, counts[elite]));
        var (mean, deviation) = Decode(empty_like(groupedOutput).index_copy_(0, order, groupedOutput), observation);
        return (mean.MoveToOuterDisposeScope(), deviation.MoveToOuterDisposeScope());
    }

    public (Tensor Mean, Tensor StandardDeviation) PredictMembers(Tensor observation, Tensor action) => PredictMembers(observation, action, Elites);

    public (Tensor Mean, Tensor StandardDeviation) PredictEveryMember(Tensor observation, Tensor action) =>
        PredictMembers(observation, action, [.. Enumerable.Range(0, Network.MemberCount)]);

    /// <summary>What the given members say of each row.</summary>
    /// <returns>Both [members, batch, 1 + observation], environment units.</returns>
    internal (Tensor Mean, Tensor StandardDeviation) PredictMembers(Tensor observation, Tensor action, IReadOnlyList<int> members)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var batch = CheckedBatch(observation, action);
        var inputs = Inputs(observation, action);
        var output = empty([members.Count, batch, 2 * (1 + Layout.ObservationSize)], ScalarType.Float32, Device);
        for (var index = 0; index < members.Count; index++) ForwardInBlocks(members[index], inputs, output.select(0, index));
        var (mean, deviation) = Decode(output, observation);
        return (mean.MoveToOuterDisposeScope(), deviation.MoveToOuterDisposeScope());
    }

    public (Tensor Mean, Tensor StandardDeviation) Predict(Tensor observation, Tensor action)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (mean, deviation) = MemberMixture.Of(PredictMembers(observation, action));
        return (mean.MoveToOuterDisposeScope(), deviation.MoveToOuterDisposeScope());
    }

    /// <summary>A member's means, in the units of the targets it learns.</summary>
    /// <param name="member">Its index among all members.</param>
    /// <param name="inputs">[rows, in], standardised, on the model's device.</param>
    /// <returns>[rows, 1 + observation]</returns>
    internal Tensor MemberMeans(int member, Tensor inputs)
    {
        var output = empty(inputs.size(0), 2 * (1 + Layout.ObservationSize), ScalarType.Float32, Device);
        ForwardInBlocks(member, inputs, output);
        return output.narrow(1, 0, 1 + Layout.ObservationSize);
    }

    /// <summary>How far a member's predicted log variances lie above their lower bound, in the units of the targets it learns.</summary>
    /// <param name="member">Its index among all members.</param>
    /// <param name="inputs">[rows, in], standardised, on the model's device.</param>
    /// <returns>[rows, 1 + observation]</returns>
    internal Tensor LogVarianceAboveBound(int member, Tensor inputs)
    {
        var output = empty(inputs.size(0), 2 * (1 + Layout.ObservationSize), ScalarType.Float32, Device);
        ForwardInBlocks(member, inputs, output);
        return Network.Values.Head(output).LogVariance - Network.Values.MinLogVariance;
    }

    private void ForwardInBlocks(int member, Tensor inputs, Tensor output)
    {
        var blockRows = Device.type == DeviceType.CPU ? CpuBlockRows : GpuBlockRows;
        for (var start = 0L; start < inputs.size(0); start += blockRows)
        {
            using var scope = NewDisposeScope();
            var length = Math.Min(blockRows, inputs.size(0) - start);
            output.narrow(0, start, length).copy_(Network.ForwardMember(member, inputs.narrow(0, start, length)));
        }
    }

    private Tensor Inputs(Tensor observation, Tensor action) => InputScale.Apply(cat([observation, action], 1).to(Device));

    private (Tensor Mean, Tensor Deviation) Decode(Tensor output, Tensor observation)
    {
        var (mean, logVariance) = Network.Values.Head(output);
        (mean, var deviation) = Codec.Decode(mean, logVariance.Times(0.5).exp_(), observation.to(Device));
        return (mean.to(observation.device), deviation.to(observation.device));
    }

    private long CheckedBatch(Tensor observation, Tensor action)
    {
        ObjectDisposedException.ThrowIf(Network.Flat.IsInvalid, typeof(DynamicsTransformer));
        var batch = TensorCheck.Matrix(observation, Layout.ObservationSize).size(0);
        return TensorCheck.Matrix(action, Layout.ActionSize).size(0) == batch
            ? batch
            : throw new ArgumentException(Invariant($"There are {batch} observations, but {action.size(0)} actions; give one a row."), nameof(action));
    }

    public void Dispose()
    {
        Workers?.Dispose();
        Network.Dispose();
        InputScale.Dispose();
        Codec.Dispose();
    }
}
