using MbpoML.Algorithms.Offline;
using MbpoML.Numerics.Networks;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Metrics;
using static TorchSharp.torch;

namespace MbpoML.Offline.Tests.Learners;

/// <summary>One update of a fit, looked at from outside: the state before and after it, and the minibatch that it drew.</summary>
internal sealed class FitProbe : IDisposable
{
    private readonly StateMemory _before, _after;

    public FitProbe(OfflineLog log, IOfflineAlgorithm fit, int updatesBefore = 3)
    {
        var run = new OfflineRun(
            100, new StageClock(TimeProvider.System), new RunMeters("test", 1, isFromLog: true), _ => { }, _ => { }, CancellationToken.None);
        for (; run.Done < updatesBefore; run.Done++) fit.Update(run);
        _before = StateMemory.Of(fit);
        Cosine = run.Cosine;
        fit.Update(run);
        _after = StateMemory.Of(fit);
        Rows = Redraw(log);
    }

    /// <summary>[batch, width], environment units</summary>
    public Tensor Rows { get; }

    /// <summary>What the actor's learning rate was multiplied with.</summary>
    public double Cosine { get; }

    /// <summary>The parameters of a network, [1, parameters].</summary>
    public Tensor Parameters(string network, bool after = false) => (after ? _after : _before).Tensor($"{network}/parameters").unsqueeze(0);

    /// <summary>The slow copy of a network, [1, parameters].</summary>
    public Tensor Target(string network) => _before.Tensor($"{network}/target").unsqueeze(0);

    /// <summary>The gradient that a network was stepped along: Adam's first moment moved by a tenth of it.</summary>
    public float[] Gradient(string network)
    {
        using var scope = NewDisposeScope();
        var (before, after) = (_before.Tensor($"{network}/first-moment"), _after.Tensor($"{network}/first-moment"));
        return ((after - (before * 0.9)) * 10).data<float>().ToArray();
    }

    /// <summary>The gradient of an equation by the parameters of a network as they were.</summary>
    public static float[] Gradient(Tensor parameters, Func<Tensor, Tensor> equation)
    {
        var leaf = parameters.detach().requires_grad_();
        return autograd.grad([equation(leaf)], [leaf])[0].view(-1).data<float>().ToArray();
    }

    public static NetworkShape Shape(int inputs, int outputs) => new(inputs, [8, 8], outputs, Activation.Relu);

    /// <summary>What a network says of rows.</summary>
    public static Tensor Forward(NetworkShape shape, Tensor parameters, Tensor input) => shape.Forward(parameters, input.unsqueeze(0)).squeeze(0);

    public void Dispose()
    {
        _before.Dispose();
        _after.Dispose();
        Rows.Dispose();
    }

    private Tensor Redraw(OfflineLog log)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        generator.set_state(_before.Tensor("minibatches/random"));
        var indices = zeros(16, ScalarType.Int64).random_(0, log.Rows.size(0), generator);
        return log.Rows.index_select(0, indices).DetachFromDisposeScope();
    }
}
