using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>One way to train the members: the optimizer step on a minibatch of every member, and the losses that decide on stopping and elites.</summary>
internal interface IEnsembleUpdate : IDisposable
{
    /// <summary>One minibatch of every member: the gradient of <see cref="EnsembleLoss.Total"/>, then one step of the optimizer.</summary>
    /// <param name="inputs">[rows, in], standardised, on the model's device, contiguous.</param>
    /// <param name="targets">[rows, outputs], as the networks learn them, on the model's device, contiguous.</param>
    /// <param name="order">int64 [E, rows] on the model's device, contiguous: for each member the rows of its bootstrap sample, in the order of the
    /// epoch.</param>
    /// <param name="start">Where in that order the minibatch begins.</param>
    /// <param name="count">Rows of each member.</param>
    void Step(Tensor inputs, Tensor targets, Tensor order, int start, int count);

    /// <summary>The sum of the losses of the steps since the last call, and resets it.</summary>
    double TakeLossSum();

    /// <summary>Each member's mean squared error, in the units of the targets learned.</summary>
    /// <param name="inputs">[rows, in], standardised, on the model's device, contiguous.</param>
    /// <param name="targets">[rows, outputs], on the model's device, contiguous.</param>
    double[] Errors(Tensor inputs, Tensor targets);
}
